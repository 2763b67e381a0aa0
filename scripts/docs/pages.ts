import { runFilePage } from '../../src/app/run-file/page.ts';
import { IDENTIFIERS_IN_SCOPE } from '../../test/house/identifiers-in-scope.ts';
import { apiPage } from './api-page.ts';
import { errorPage } from './error-page.ts';
import { eventPage } from './event-page.ts';
import { identifierPage } from './identifier-page.ts';

/** The pages of docs/reference/ that are made from the code, by path from the root of the repository. */
export function generatedPages(root: string): ReadonlyMap<string, string> {
  return new Map([
    ['docs/reference/api.md', apiPage()],
    ['docs/reference/errors.md', errorPage()],
    ['docs/reference/events.md', eventPage(root)],
    ['docs/reference/invariants.md', identifierPage(root, IDENTIFIERS_IN_SCOPE)],
    ['docs/reference/run-file.md', runFilePage()],
  ]);
}
