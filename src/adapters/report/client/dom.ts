/**
 * The little of a browser that the page's script uses. The whole DOM library would put names such as `name` and `event` into the global scope
 * of every ring; these types exist here only.
 */
export interface PageElement {
  textContent: string;
  className: string;
  hidden: boolean;
  disabled: boolean;
  value: string;
  tabIndex: number;
  width: number;
  height: number;
  readonly dataset: Record<string, string | undefined>;
  readonly clientWidth: number;
  readonly clientHeight: number;
  readonly children: ArrayLike<PageElement>;
  append(...children: (PageElement | string)[]): void;
  replaceChildren(...children: PageElement[]): void;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  getBoundingClientRect(): { readonly left: number; readonly top: number };
  addEventListener(type: string, listener: (event: PageEvent) => void, options?: { readonly passive?: boolean }): void;
  closest(selector: string): PageElement | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): ArrayLike<PageElement> & Iterable<PageElement>;
  setPointerCapture(id: number): void;
  scrollIntoView(options: { readonly block: string; readonly behavior: string }): void;
  focus(): void;
  getContext(kind: '2d'): Canvas | null;
}

export interface PageEvent {
  readonly target: PageElement;
  readonly key: string;
  readonly clientX: number;
  readonly clientY: number;
  readonly deltaX: number;
  readonly deltaY: number;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly pointerId: number;
  readonly pointerType: string;
  preventDefault(): void;
}

export interface Canvas {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  font: string;
  textAlign: 'left' | 'right' | 'center';
  textBaseline: 'top' | 'middle' | 'bottom' | 'alphabetic';
  globalAlpha: number;
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  clearRect(x: number, y: number, width: number, height: number): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  strokeRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
  setLineDash(pattern: readonly number[]): void;
  beginPath(): void;
  closePath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  stroke(): void;
  fill(): void;
  clip(): void;
  save(): void;
  restore(): void;
}

export interface Page {
  readonly document: {
    readonly documentElement: PageElement;
    getElementById(id: string): PageElement | null;
    querySelectorAll(selector: string): Iterable<PageElement>;
    createElement(tag: string): PageElement;
  };
  readonly navigator: { readonly clipboard?: { writeText(text: string): Promise<void> } };
  readonly devicePixelRatio: number;
  readonly ResizeObserver: new (callback: () => void) => { observe(element: PageElement): void };
  getComputedStyle(element: PageElement): { getPropertyValue(name: string): string };
  getSelection(): { selectAllChildren(element: PageElement): void } | null;
  matchMedia(query: string): { readonly matches: boolean; addEventListener(type: 'change', listener: () => void): void };
  requestAnimationFrame(callback: () => void): number;
  setTimeout(callback: () => void, ms: number): number;
  addEventListener(type: string, listener: () => void): void;
}
