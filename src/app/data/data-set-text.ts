import type { StoredDataSet } from '../../adapters/store/store.ts';
import { instantText } from '../../model/instant.ts';
import { countText } from '../terminal/number-text.ts';

/** A data set in plain data, as `--json` prints it. */
export function dataSetFacts(dataSet: StoredDataSet): Readonly<Record<string, string | number | null>> {
  const { manifest, bytes, folder } = dataSet;
  const { instrument, kind, every, rows, firstTs, lastTs, digest, provenance } = manifest;
  return {
    instrument: instrument.id,
    kind,
    every,
    rows,
    from: instantText(firstTs),
    to: instantText(lastTs),
    bytes,
    source: provenance.source,
    digest,
    folder,
  };
}

/** A line each, under a heading. */
export function dataSetTable(dataSets: readonly StoredDataSet[]): readonly string[] {
  const rows = dataSets.map(({ manifest, bytes }) => [
    manifest.instrument.id,
    manifest.kind,
    manifest.every ?? '',
    countText(manifest.rows),
    instantText(manifest.firstTs).slice(0, 16),
    instantText(manifest.lastTs).slice(0, 16),
    `${(bytes / 2 ** 20).toFixed(1)} MiB`,
  ]);
  const table = [['instrument', 'kind', 'every', 'rows', 'from', 'to', 'bytes'], ...rows];
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
