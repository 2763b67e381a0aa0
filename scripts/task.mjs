/**
 * The one door of the package's scripts: `node scripts/task.mjs NAME [ARGUMENTS]`.
 * It imports nothing before it has looked at the version of Node, and is written in words that an old one understands,
 * so that whoever has an old Node reads a sentence and not a syntax error.
 */
const found = process.versions.node.split('.').map(Number);
const isTooOld = found[0] < 20 || (found[0] === 20 && found[1] < 19);

if (isTooOld) {
  console.error(
    `QuantHybrid needs Node 20.19 or newer; this is Node ${process.versions.node}. Install a newer one from https://nodejs.org and try again.`,
  );
  process.exit(1);
} else {
  import(`./tasks/${process.argv[2]}.mjs`)
    .then((task) => task.run(process.argv.slice(3)))
    .then((exitCode) => {
      if (typeof exitCode === 'number') process.exitCode = exitCode;
    })
    .catch((error) => {
      console.error(error.name === 'TaskError' ? error.message : error);
      process.exitCode = 1;
    });
}
