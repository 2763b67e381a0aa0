/** Every broken rule under `root`. */
export function findProblems(root: string): { readonly file: string; readonly problem: string }[];
