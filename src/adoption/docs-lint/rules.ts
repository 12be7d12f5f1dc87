import type { Rule } from './finding.ts';

/** What each rule is about, in one sentence, for machines that show rules apart from findings. */
export const ruleDescriptions: Readonly<Record<Rule, string>> = {
  'raw-test-run': 'A command in the documentation starts a test runner outside the governor.',
  'allow-without-reason': 'A docs-lint comment that gives no reason silences nothing.',
  'unused-allow': 'A docs-lint comment silences nothing.',
  'invalid-allow': 'A docs-lint comment cannot be read, or stands where it silences nothing.',
  'unclosed-fence': 'A code fence around the name of a test runner is never closed.',
  'unreadable-file': 'A Markdown file cannot be read.',
  'not-written': 'A Markdown file could not be rewritten.',
};
