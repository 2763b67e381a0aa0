/** What can be wrong with market data: in a file that is read, in the project's own store, or in a stream while it is replayed. */
export const DATA_CODES = {
  // Files and archives.
  FILE_MISSING: { meaning: 'The file does not exist.', fix: 'Correct the path; relative paths start at the folder of the run file.' },
  FILE_UNREADABLE: { meaning: 'The file is there but cannot be read.', fix: 'Give a regular file that this user may read.' },
  FILE_EMPTY: { meaning: 'The file holds no row of data.', fix: 'Give a file with at least one row, or take it out of the run.' },
  FILE_TOO_LARGE: {
    meaning: 'A compressed file unpacks to more than 2 GiB, which is the most that is unpacked in memory.',
    fix: 'Unpack it first: plain CSV files are read in pieces and have no limit.',
  },
  ARCHIVE_DAMAGED: {
    meaning: 'The archive is cut short or damaged.',
    fix: 'Fetch the file again and compare its checksum with the source.',
  },
  ARCHIVE_UNSUPPORTED: {
    meaning: 'The archive uses a feature that is not read (encryption, more than one disk, a method other than stored and deflate).',
    fix: 'Pack it again as a plain zip, or unpack it.',
  },
  ARCHIVE_MEMBER_MISSING: { meaning: 'The archive has no such member.', fix: 'Choose one of the members that the message lists.' },
  ARCHIVE_MEMBER_AMBIGUOUS: { meaning: 'The archive has several members and none was chosen.', fix: 'State which one with `member`.' },
  LINE_TOO_LONG: { meaning: 'A line is longer than 1 MiB.', fix: 'Check that the file is a text file with line ends.' },

  // The description of a file, and its fit to the file.
  FORMAT_INVALID: {
    meaning: 'The description of the file contradicts itself or lacks something.',
    fix: 'Follow docs/guide/data-files.md.',
  },
  FORMAT_UNRECOGNIZED: {
    meaning: 'The layout of the file cannot be told from its first lines.',
    fix: 'Describe it: docs/guide/data-files.md has every option with an example.',
  },
  KIND_UNSUPPORTED: { meaning: 'Files of this kind are not read.', fix: 'Use trade or quote bars, or a CSV file of trades or quotes.' },
  COLUMN_MISSING: {
    meaning: 'A column that the description names is not in the file.',
    fix: 'Correct the name, or give the number of the column from 1; the message lists what the header has.',
  },
  ROW_SHORT: { meaning: 'A row has fewer columns than the header or the first row.', fix: 'Repair the row, or state onDefect: skip.' },
  ROW_LONG: { meaning: 'A row has more columns than the header or the first row.', fix: 'Repair the row, or state onDefect: skip.' },
  TEXT_UNCLOSED: { meaning: 'A quoted text does not end on its line, or something follows its end.', fix: 'Repair the row.' },

  // Recordings of messages.
  RECORD_DAMAGED: {
    meaning: 'A record of the recording is cut short, or lacks something, or has something that cannot be there.',
    fix: 'Fetch the file again and compare its checksum with the source; what lies before the record can be kept by cutting the file there.',
  },
  RECORD_UNKNOWN: {
    meaning: 'A record of the recording is of a kind, schema or version that is not read.',
    fix: 'Take it out of the file; what is read is listed in docs/guide/recordings.md.',
  },
  RECORDING_FORMAT_WRONG: {
    meaning: 'A file of a recording is not of the format that was stated.',
    fix: 'State the format that the message names.',
  },
  BOOK_SNAPSHOT_MISSING: {
    meaning: 'The recording has changes of an order book and no snapshot that they follow.',
    fix: 'Put the file that has the snapshot before it in the list, or record one; nothing can be said of a book without it.',
  },

  // Values.
  VALUE_MISSING: {
    meaning: 'A value that must be there is empty.',
    fix: 'Repair the row, or state emptySide: absent where a side of the book may be empty.',
  },
  NUMBER_MALFORMED: { meaning: 'The text is not a number.', fix: 'Use plain or scientific notation without thousands separators.' },
  NUMBER_TRAILING_TEXT: { meaning: 'Something follows the number in the same column.', fix: 'Remove it, or choose the right delimiter.' },
  NUMBER_NOT_FINITE: { meaning: 'NaN and infinity are not prices or quantities.', fix: 'Remove the row, or state onDefect: skip.' },
  NUMBER_TOO_PRECISE: {
    meaning: 'The number has more decimals than the instrument.',
    fix: 'Raise priceDecimals or quantityDecimals of the instrument (--price-decimals, --quantity-decimals), or state round: { price: half-even } (or quantity:) for files with float noise.',
  },
  NUMBER_OUT_OF_RANGE: {
    meaning: 'The number needs more than 53 bits at the decimals of the instrument.',
    fix: 'Lower priceDecimals or quantityDecimals of the instrument (--price-decimals, --quantity-decimals), and state round: { price: half-even } (or quantity:) for the digits beyond them.',
  },
  NUMBER_NEGATIVE: { meaning: 'The value is negative where it may not be.', fix: 'Repair the row, or state onDefect: skip.' },
  NUMBER_ZERO: { meaning: 'The value is zero where it may not be.', fix: 'Repair the row, or state onDefect: skip.' },
  HIGH_BELOW_LOW: { meaning: 'The high of a bar is below its low.', fix: 'Check the order of the columns; repair the row.' },
  OPEN_CLOSE_OUTSIDE_RANGE: {
    meaning: 'The open or close of a bar lies outside its low and high.',
    fix: 'Check the order of the columns; repair the row.',
  },
  SIDE_UNKNOWN: { meaning: 'The side of a trade is neither of the known words.', fix: 'State the words of the file with `sides`.' },
  SYMBOL_UNKNOWN: {
    meaning: 'The symbol is not the one that was asked for, or has no file.',
    fix: 'Correct the symbol, or state others: skip.',
  },
  TRADE_ID_DUPLICATE: { meaning: 'Two rows in a row carry the same trade id.', fix: 'Remove the duplicate, or state onDefect: skip.' },

  // Times.
  TIME_MALFORMED: { meaning: 'The text does not have the stated time format.', fix: 'Correct the format, or the row.' },
  TIME_OUT_OF_RANGE: {
    meaning: 'The time is not on the calendar, or outside the years 1900 to 2199.',
    fix: 'Check the unit of the time (s, ms, us, ns).',
  },
  TIME_BACKWARDS: {
    meaning: 'A row is earlier than the row before it.',
    fix: 'Sort the file by time, oldest first. For single rows that came late: onDefect: skip leaves them out and counts them.',
  },
  TIME_DUPLICATE: {
    meaning: 'Two bars have the same time.',
    fix: 'Remove one, load the rows as trades, or state onDefect: skip to keep the first.',
  },
  TIME_ZONES_MIXED: { meaning: 'Some times carry their own offset from UTC and some do not.', fix: 'Write all times in one way.' },
  ZONE_MISSING: {
    meaning: 'Times without an offset need a zone.',
    fix: 'State zone: an IANA name, UTC, or a fixed offset such as -05:00.',
  },
  ZONE_UNKNOWN: {
    meaning: 'This is not a zone.',
    fix: 'State an IANA name such as America/New_York, UTC, or a fixed offset such as -05:00.',
  },
  BARS_OVERLAP: {
    meaning: 'A bar starts before the bar before it has closed.',
    fix: 'Correct `every`: it is longer than the distance between rows.',
  },
  STAMPS_DIFFER: { meaning: 'The bid file and the ask file do not have the same times.', fix: 'Bring both files to the same rows.' },
  LENGTHS_DIFFER: {
    meaning: 'The bid file and the ask file do not have the same number of rows.',
    fix: 'Bring both files to the same rows.',
  },

  // Corporate actions.
  FACTORS_INVALID: {
    meaning: 'The factor file is not usable.',
    fix: 'Each row is date,price factor,split factor,close; dates rise and factors are above zero.',
  },
} as const satisfies Record<string, { meaning: string; fix: string }>;
