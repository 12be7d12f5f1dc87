import { $, chalk } from 'zx';

/**
 * The stage on which a demonstration plays. `heading`, `text` and `run` print; `expect` prints and remembers whether
 * what was promised held.
 */
export function openStage(environment) {
  const broken = [];
  return {
    /** The expectations that did not hold, as sentences. */
    broken,

    heading(title) {
      console.log(`\n${chalk.bold(title)}`);
    },

    text(line) {
      console.log(chalk.dim(`  ${line}`));
    },

    /**
     * Runs `line` as it stands in a bash in `directory`, with the line shown before its output: what is shown is what
     * runs, and may be typed again. Gives its exit status and what it printed on both streams, in order.
     */
    async run(directory, line) {
      console.log(`\n  ${chalk.cyan('$')} ${chalk.bold(line)}`);
      const shell = $({
        cwd: directory,
        env: environment,
        nothrow: true,
        quiet: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      // One pipe for both streams keeps their order.
      const running = shell`bash --noprofile --norc -c ${`exec 2>&1\n${line}`}`;
      let rest = '';
      running.stdout.setEncoding('utf8');
      running.stdout.on('data', (chunk) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const one of lines) console.log(`  ${chalk.dim('│')} ${one}`);
      });
      const { exitCode, stdout } = await running;
      if (rest !== '') console.log(`  ${chalk.dim('│')} ${rest}`);
      console.log(chalk.dim(`  └ exit status ${exitCode}`));
      return { status: exitCode, output: stdout };
    },

    /** `sentence` says what was promised; `holds` whether it is so. */
    expect(holds, sentence) {
      console.log(holds ? `  ${chalk.green('✓')} ${sentence}` : `  ${chalk.red('✗')} not so: ${sentence}`);
      if (!holds) broken.push(sentence);
    },
  };
}
