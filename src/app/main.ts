#!/usr/bin/env node
import { takeKeyVariables } from './access/key-variables.ts';
import { runCommandLine } from './command-line.ts';
import { isCoreThread, runCoreThread } from './session/core-thread.ts';
import { raiseInliningLimits } from '../runtime/inlining.ts';

raiseInliningLimits();
takeKeyVariables();

// A session starts this program once more, as the thread that its core runs in.
if (isCoreThread()) runCoreThread();
else await runCommandLine();
