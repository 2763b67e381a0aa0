import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

const HOLD_MS = 1000;

interface HoldButtonProps {
  readonly label: string;
  readonly isDisabled?: boolean;
  readonly onHeld: () => void;
}

/** A button that acts only when it is held for a second, by pointer, Space or Enter: a slip does nothing. */
export function HoldButton({ label, isDisabled = false, onHeld }: HoldButtonProps) {
  const [isHeld, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const release = () => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
    setHeld(false);
  };
  const press = () => {
    if (timer.current !== null || isDisabled) return;
    setHeld(true);
    timer.current = setTimeout(() => {
      release();
      onHeld();
    }, HOLD_MS);
  };
  useEffect(() => () => void (timer.current !== null && clearTimeout(timer.current)), []);
  const isHoldKey = (event: KeyboardEvent) => event.key === ' ' || event.key === 'Enter';
  return (
    <button
      type="button"
      className={`hold ${isHeld ? 'held' : ''}`}
      disabled={isDisabled}
      onPointerDown={press}
      onPointerUp={release}
      onPointerLeave={release}
      onBlur={release}
      onKeyDown={(event) => {
        if (!isHoldKey(event)) return;
        event.preventDefault();
        press();
      }}
      onKeyUp={(event) => isHoldKey(event) && release()}
    >
      <span>{label}</span>
    </button>
  );
}
