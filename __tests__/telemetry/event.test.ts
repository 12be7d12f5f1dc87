import { describe, expect, test } from '@jest/globals';
import Ajv from 'ajv';
import fc from 'fast-check';
import schema from '../../schemas/event.schema.json';
import { interceptedEvent, isTelemetryEvent, serializeEvent } from '../../src/telemetry/event.ts';
import { sampleEvent, samplePolicyEvent, sampleRunEvent } from './sample.ts';

const validate = new Ajv({ strict: true }).compile(schema);

const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const anyEvent = fc
  .record({
    policy_mode: fc.constantFrom('off', 'warn', 'enforce'),
    class: nullable(fc.constantFrom('jest', 'vitest', 'turbo', 'changed', 'watch-exclusive', 'pytest')),
    normalized_sig: nullable(fc.constantFrom('jest', 'changed --findRelatedTests paths=2')),
    argv_hash: nullable(fc.constantFrom('0123456789abcdef')),
    override_policy_used: fc.boolean(),
    override_overload_used: fc.boolean(),
    outcome: fc.constantFrom('warned', 'blocked', 'overridden'),
    layer: fc.constantFrom('text', 'shim', 'preload', 'function'),
    shell: nullable(fc.constantFrom('bash', 'zsh')),
    runner: nullable(fc.constantFrom('jest', 'vitest', 'turbo', 'pytest')),
    form: nullable(fc.constantFrom('bare', 'npm-exec', 'turbo-unscoped')),
  })
  .map((parts) => interceptedEvent(parts));

const contractFields = [
  'ts',
  'governed',
  'policy_mode',
  'class',
  'normalized_sig',
  'argv_hash',
  'admitted',
  'queued_ms',
  'peak_rss_mb',
  'pressure_level',
  'workers',
  'exit_code',
  'override_policy_used',
  'override_overload_used',
];

describe('an event', () => {
  test('is one line that the published schema accepts, whatever interception decided', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const line = serializeEvent(event);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        const parsed: unknown = JSON.parse(line);
        expect(validate(parsed)).toBe(true);
        expect(isTelemetryEvent(parsed)).toBe(true);
      }),
    );
  });

  test('has every field of the contract, null where the figure is not known', () => {
    const run: unknown = JSON.parse(serializeEvent(sampleRunEvent()));
    expect(Object.keys(Object(run))).toEqual(expect.arrayContaining(contractFields));
    const parsed: unknown = JSON.parse(serializeEvent(sampleEvent()));
    expect(Object.keys(Object(parsed))).toEqual(expect.arrayContaining(contractFields));
    expect(parsed).toMatchObject({ admitted: null, queued_ms: null, peak_rss_mb: null, exit_code: null });
  });

  test('carries nothing that the schema does not name', () => {
    const event = { ...sampleEvent(), argv: ['--token=secret'], cwd: '/home/me' };
    const line = serializeEvent(event);
    expect(line).not.toContain('secret');
    expect(line).not.toContain('/home/me');
    expect(validate(JSON.parse(line))).toBe(true);
  });

  test.each([sampleEvent(), sampleRunEvent(), samplePolicyEvent()])(
    'of kind "$event" has the same fields in the schema and in the code',
    (event) => {
      const parsed: unknown = JSON.parse(serializeEvent(event));
      const fields = Object.keys(Object(parsed)).sort();
      const shape = schema.oneOf.find(({ properties }) => properties.event.const === event.event);
      expect(validate(parsed)).toBe(true);
      expect(isTelemetryEvent(parsed)).toBe(true);
      expect(Object.keys(shape?.properties ?? {}).sort()).toEqual(fields);
      expect([...(shape?.required ?? [])].sort()).toEqual(fields);
    },
  );

  test.each([sampleEvent(), sampleRunEvent(), samplePolicyEvent()])(
    'of kind "$event" with any field missing or of another type is refused by the schema and by the reader',
    (event) => {
      const line: Record<string, unknown> = JSON.parse(serializeEvent(event));
      for (const field of Object.keys(line)) {
        const { [field]: _, ...without } = line;
        for (const wrong of [
          without,
          { ...line, [field]: { a: 1 } },
          { ...line, [field]: 'no such value!' },
        ]) {
          const isFreeText = field === 'wait_reason' && wrong[field] === 'no such value!';
          const readable = ['normalized_sig', 'argv_hash', 'form', 'wait_reason'].includes(field);
          expect(validate(wrong)).toBe(isFreeText);
          // The reader does not judge what a name looks like, only that it is one.
          expect(isTelemetryEvent(wrong)).toBe(readable && wrong[field] === 'no such value!');
        }
      }
    },
  );

  test('of another schema version is not read as one of ours', () => {
    const line: Record<string, unknown> = JSON.parse(serializeEvent(sampleEvent()));
    expect(isTelemetryEvent({ ...line, schema: 2 })).toBe(false);
    for (const other of [null, undefined, 1, 'text', [], {}]) {
      expect(isTelemetryEvent(other)).toBe(false);
    }
  });
});
