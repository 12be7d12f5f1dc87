interface ValidationError {
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}
interface Validate {
  (data: unknown): boolean;
  errors?: readonly ValidationError[] | null;
}
declare const validate: Validate;
export = validate;
