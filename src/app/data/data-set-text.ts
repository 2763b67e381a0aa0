import { startTsOf, type StoredDataSet } from '../../adapters/store/store.ts';
import { instantText } from '../../model/instant.ts';
import { exactTimeText } from '../terminal/exact-time.ts';
import { countText } from '../terminal/number-text.ts';

/** A data set in plain data, as `--json` prints it. `from` is where the first bar opens, `to` where the last one closes; of ticks the first and the last. */
export function dataSetFacts(dataSet: StoredDataSet): Readonly<Record<string, string | number | null>> {
  const { manifest, bytes, folder } = dataSet;
  const { instrument, kind, every, rows, lastTs, digest, provenance } = manifest;
  return {
    instrument: instrument.id,
    kind,
    every,
    rows,
    from: instantText(startTsOf(dataSet)),
    to: instantText(lastTs),
    bytes,
    source: provenance.source,
    digest,
    folder,
  };
}

/** A line each, under a heading. */
export function dataSetTable(dataSets: readonly StoredDataSet[]): readonly string[] {
  const rows = dataSets.map((dataSet) => [
    dataSet.manifest.instrument.id,
    dataSet.manifest.kind,
    dataSet.manifest.every ?? '',
    countText(dataSet.manifest.rows),
    exactTimeText(startTsOf(dataSet)).slice(0, -1),
    exactTimeText(dataSet.manifest.lastTs).slice(0, -1),
    `${(dataSet.bytes / 2 ** 20).toFixed(1)} MiB`,
  ]);
  const table = [['instrument', 'kind', 'every', 'rows', 'from (UTC)', 'to (UTC)', 'bytes'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

export function infoLines(dataSet: StoredDataSet): readonly string[] {
  const { instrument, provenance, createdBy } = dataSet.manifest;
  const facts = Object.entries({
    ...dataSetFacts(dataSet),
    'price decimals': instrument.priceDecimals,
    'quantity decimals': instrument.quantityDecimals,
    zone: provenance.zone,
    stamp: provenance.stamp,
    'created by': createdBy,
  });
  const lines = facts.filter(([, value]) => value !== null).map(([name, value]) => `${name.padEnd(18)} ${String(value)}`);
  return [
    ...lines,
    ...provenance.files.map(({ name, bytes, sha256 }) => `${'file'.padEnd(18)} ${name} (${bytes} bytes, SHA-256 ${sha256})`),
  ];
}
