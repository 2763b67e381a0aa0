import { spawn } from 'node:child_process';
import path from 'node:path';
import { binaryOf, CACHE, ensureInstalled, ROOT, TaskError } from '../house/prepare.mjs';

/** Every law and every unit test. The long ones come first, so that the short ones fill the gaps. */
function steps() {
  return [
    {
      name: 'types',
      does: 'the compiler',
      program: [binaryOf('typescript', 'tsc'), '-p', '.', '--incremental', '--tsBuildInfoFile', path.join(CACHE, 'types.tsbuildinfo')],
    },
    {
      name: 'web',
      does: 'the compiler, dashboard',
      program: [binaryOf('typescript', 'tsc'), '-p', 'web', '--incremental', '--tsBuildInfoFile', path.join(CACHE, 'web.tsbuildinfo')],
    },
    // Files share their modules here, which halves the work; in `npm test` each file has its own.
    {
      name: 'unit',
      does: 'tests beside the sources',
      program: [binaryOf('vitest', 'vitest'), 'run', 'src', 'web', '--reporter=dot', '--pool=threads', '--no-isolate'],
    },
    { name: 'bans', does: 'determinism, promises', program: [binaryOf('eslint', 'eslint'), '.'] },
    {
      name: 'fence',
      does: 'imports',
      program: [binaryOf('dependency-cruiser', 'depcruise'), '--config', '.dependency-cruiser.mjs', 'src', 'web'],
    },
    { name: 'lint', does: 'format and lint', program: [binaryOf('@biomejs/biome', 'biome'), 'check', '.'] },
    { name: 'house', does: 'names, lengths, escapes', program: ['scripts/house/house-rules.mjs'] },
  ];
}

function runStep(step) {
  const since = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, step.program, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({ ...step, status, output: Buffer.concat(output).toString(), seconds: (performance.now() - since) / 1000 }),
    );
  });
}

/** `npm run check [STEP …]`: the steps named, or all of them; `--skip-unit` leaves the tests to `npm test`. */
export async function run(taskArguments) {
  const names = taskArguments.filter((argument) => !argument.startsWith('--'));
  await ensureInstalled();
  const all = steps();
  const unknown = names.find((name) => !all.some((step) => step.name === name));
  if (unknown !== undefined) throw new TaskError(`No step "${unknown}"; there are ${all.map((step) => step.name).join(', ')}.`);
  const since = performance.now();
  const waiting = all.filter(
    (step) => (names.length === 0 || names.includes(step.name)) && !(step.name === 'unit' && taskArguments.includes('--skip-unit')),
  );
  const done = [];
  const lane = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const result = await runStep(step);
      done.push(result);
      if (result.status !== 0) console.log(`\n── ${result.name} ${'─'.repeat(100 - result.name.length)}\n${result.output.trim()}\n`);
    }
  };
  // Two at a time: the smallest machine we care about has two cores, and the test runner takes more than one by itself.
  await Promise.all([lane(), lane()]);
  for (const { name, does, status, seconds } of done) {
    console.log(`${status === 0 ? 'ok    ' : 'BROKEN'}  ${name.padEnd(6)} ${does.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s`);
  }
  const broken = done.filter((step) => step.status !== 0).length;
  console.log(
    `${broken === 0 ? 'All is well' : `${broken} of ${done.length} broken`}, ${((performance.now() - since) / 1000).toFixed(1)} s.`,
  );
  return broken === 0 ? 0 : 1;
}
