import type { App } from '@medkit/core';

/** False for an app that only another gateway tells of: its process, if there is one of that name here, is another. */
export function isLocal({ contributors }: App): boolean {
  return contributors === undefined || contributors.includes('local');
}
