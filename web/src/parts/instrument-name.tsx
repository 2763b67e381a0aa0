/** `BTC-USDT.BINANCE`: the symbol, and the venue where there is room for it. */
export function InstrumentName({ id }: { readonly id: string }) {
  const dot = id.lastIndexOf('.');
  return dot < 1 ? (
    id
  ) : (
    <>
      {id.slice(0, dot)}
      <span className="venue">{id.slice(dot)}</span>
    </>
  );
}
