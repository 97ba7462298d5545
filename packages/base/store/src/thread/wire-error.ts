import type { StoreError } from '../errors.ts';
import * as errors from '../errors.ts';

/** An error as it crosses between threads, where its class would be lost. */
export interface WireError {
  readonly name: string;
  readonly message: string;
}

const CLASSES: Readonly<Record<string, new (message: string) => StoreError>> = errors;

export const encodeError = ({ name, message }: Error): WireError => ({ name, message });

export function decodeError({ name, message }: WireError): StoreError {
  const Class = CLASSES[name] ?? errors.StoreError;
  return new Class(message);
}
