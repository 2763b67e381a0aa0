export const WEB_FOLDER: string;
export function ensureWebBuilt(options?: { readonly force?: boolean }): Promise<void>;
