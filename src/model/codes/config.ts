/** Codes of the config part of the catalogue. */
export const CONFIG_CODES = {} as const satisfies Record<string, { meaning: string; fix: string }>;
