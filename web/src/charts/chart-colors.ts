import { ColorType, CrosshairMode, type DeepPartial, LineStyle, type TimeChartOptions } from 'lightweight-charts';
import { MINUS, THIN } from '../numbers/decimal-text.ts';
import { tokenColor } from '../state/settings.ts';

export function chartFont(): string {
  return getComputedStyle(document.body).fontFamily;
}

/** What every chart has in common, in the colors of the theme as it is now. */
export function chartOptions(): DeepPartial<TimeChartOptions> {
  const grid = { color: tokenColor('grid') };
  const edge = tokenColor('edge');
  const crosshair = { color: tokenColor('axis'), style: LineStyle.Dotted, labelBackgroundColor: tokenColor('muted') };
  return {
    layout: {
      background: { type: ColorType.Solid, color: tokenColor('panel') },
      textColor: tokenColor('muted'),
      fontSize: 11,
      fontFamily: chartFont(),
      // Its mark brings a style sheet of its own, which the content security policy refuses; the credit stands in the help.
      attributionLogo: false,
      panes: { separatorColor: edge, separatorHoverColor: tokenColor('hover'), enableResize: true },
    },
    grid: { vertLines: grid, horzLines: grid },
    crosshair: { mode: CrosshairMode.Normal, vertLine: crosshair, horzLine: crosshair },
    rightPriceScale: { borderColor: edge },
    timeScale: { borderColor: edge, timeVisible: true, secondsVisible: false, rightOffset: 4 },
    localization: { locale: 'en-GB' },
  };
}

/** `#1a5fb4` and a share as a color that lets the ground through. */
export function faded(color: string, share: number): string {
  const digits = color.replace('#', '');
  const [red, green, blue] = [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
  return `rgba(${red}, ${green}, ${blue}, ${share})`;
}

export function priceText(decimals: number): (price: number) => string {
  return (price) =>
    price
      .toFixed(decimals)
      .replace('-', MINUS)
      .replace(/\B(?=(\d{3})+(?!\d)(?=\.|$))/g, THIN);
}
