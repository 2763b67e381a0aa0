import type { PageName } from '../state/route.ts';

/** Strokes on a grid of 20. */
const PATHS: Readonly<Record<PageName | 'more', string>> = {
  overview: 'M3 3h6v8H3zM11 3h6v4h-6zM11 9h6v8h-6zM3 13h6v4H3z',
  markets: 'M5 4v3M5 13v3M3.500 7h3v6h-3zM10 2.500v3M10 11v3.500M8.500 5.500h3V11h-3zM15 6v3M15 14v3.500M13.500 9h3v5h-3z',
  orders: 'M4 5h12M4 10h12M4 15h7',
  positions: 'M10 3l7 3.500-7 3.500-7-3.500zM3 10l7 3.500 7-3.500M3 13.500L10 17l7-3.500',
  strategies: 'M4 15V9M4 6V4M10 16v-3M10 10V4M16 15v-2M16 10V4M2.500 9h3M8.500 10h3M14.500 13h3',
  risk: 'M10 2.500l6.500 2.500v4.500c0 4-2.700 6.700-6.500 8-3.800-1.300-6.500-4-6.500-8V5zM10 7v4M10 13.500v.5',
  research: 'M8 3h4M9 3v5l-5 8.500h12L11 8V3M6.500 13h7',
  operations: 'M2.500 10H6l2-5 4 10 2-5h3.500',
  more: 'M4 10h.5M10 10h.5M16 10h.5',
};

export function Icon({ name }: { readonly name: PageName | 'more' }) {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.3"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
