import type { ErrorView } from './api-types';

/** The code of something that went wrong in the page or its boundary, not in the core. */
export const UNEXPECTED = 'error.tessera.window.unexpected';

/** An error that a command answered with. */
export class ApiError extends Error {
  readonly code: string;
  readonly details: string | null;
  readonly about: string | undefined;

  constructor(view: ErrorView) {
    super(view.message);
    this.name = 'ApiError';
    this.code = view.code;
    this.details = view.details ?? null;
    this.about = view.about;
  }
}

function isErrorView(value: unknown): value is ErrorView {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}

function of(
  { code, message, about }: { code: string; message: string; about?: string | undefined },
  details: string | null,
): ErrorView {
  return { code, message, details, ...(typeof about === 'string' ? { about } : {}) };
}

/** Brings whatever was thrown into the one shape that the page can show. */
export function toErrorView(thrown: unknown): ErrorView {
  if (thrown instanceof ApiError) {
    return of(thrown, thrown.details);
  }
  if (isErrorView(thrown)) {
    const details = typeof thrown.details === 'string' ? thrown.details : null;
    return of(thrown, details);
  }
  if (thrown instanceof Error) return { code: UNEXPECTED, message: thrown.message, details: null };
  return {
    code: UNEXPECTED,
    message: typeof thrown === 'string' ? thrown : 'The window got an answer it does not understand.',
    details: null,
  };
}
