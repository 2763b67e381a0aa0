import type { FuzzTarget } from './target.ts';
import { COMMAND_TARGETS } from './targets/command-targets.ts';
import { CONFIG_TARGETS } from './targets/config-targets.ts';
import { CONSOLE_TARGETS } from './targets/console-targets.ts';
import { FEED_TARGETS } from './targets/feed-targets.ts';
import { FILE_TARGETS } from './targets/file-targets.ts';
import { HTTP_TARGETS } from './targets/http-targets.ts';
import { LIMIT_TARGETS } from './targets/limit-targets.ts';
import { RECORDING_TARGETS } from './targets/recording-targets.ts';
import { SECURITY_TARGETS } from './targets/security-targets.ts';
import { SESSION_TARGETS } from './targets/session-targets.ts';
import { SNAPSHOT_TARGETS } from './targets/snapshot-targets.ts';
import { STORAGE_TARGETS } from './targets/storage-targets.ts';
import { STREAM_TARGETS } from './targets/stream-targets.ts';
import { TEXT_TARGETS } from './targets/text-targets.ts';

/** Every parser and entry point that is fuzzed. */
export const TARGETS: readonly FuzzTarget[] = [
  ...TEXT_TARGETS,
  ...LIMIT_TARGETS,
  ...FILE_TARGETS,
  ...RECORDING_TARGETS,
  ...FEED_TARGETS,
  ...STORAGE_TARGETS,
  ...SESSION_TARGETS,
  ...SNAPSHOT_TARGETS,
  ...SECURITY_TARGETS,
  ...CONSOLE_TARGETS,
  ...CONFIG_TARGETS,
  ...HTTP_TARGETS,
  ...STREAM_TARGETS,
  ...COMMAND_TARGETS,
];
