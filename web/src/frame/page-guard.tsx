import { Component, type ReactNode } from 'react';

interface GuardState {
  readonly message: string | null;
}

/** A page that breaks says so and leaves the bar, the kill switch among it, where they are. */
export class PageGuard extends Component<{ readonly children: ReactNode }, GuardState> {
  override readonly state: GuardState = { message: null };

  static getDerivedStateFromError(error: unknown): GuardState {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { message } = this.state;
    if (message === null) return this.props.children;
    return (
      <main className="page">
        <div className="panel">
          <div className="empty" role="alert">
            <p>This page broke: {message}</p>
            <p className="muted">The session is not touched by it. Load the page anew, or go to another one.</p>
            <button type="button" onClick={() => location.reload()}>
              Load anew
            </button>
          </div>
        </div>
      </main>
    );
  }
}
