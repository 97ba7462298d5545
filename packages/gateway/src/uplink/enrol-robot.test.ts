import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type UplinkEnd, UplinkFailed } from '@medkit/tunnel';
import { EnrolmentRefused, enrolAtFirstBoot, type RobotEnrolment } from './enrol-robot.ts';

const ENROLLED = { robot: 'amr-17' } as RobotEnrolment;
const lost = () => new UplinkFailed({ kind: 'lost', reason: 'no route to the hub' });

/** Enrols with these outcomes of the attempts. Returns the delays before each further attempt. */
async function enrolled(outcomes: readonly (Error | RobotEnrolment)[]) {
  const ends: [UplinkEnd['kind'], number][] = [];
  let attempts = 0;
  const result = await enrolAtFirstBoot({
    random: { float: () => 0.5 },
    attempt: async () => {
      const outcome = outcomes[attempts]!;
      attempts += 1;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    wait: async ({ kind }, delayMs) => void ends.push([kind, delayMs]),
  });
  return { result, ends, attempts };
}

describe('an enrolment at the first boot', () => {
  it('is repeated with longer delays while there is no network, and while the hub is busy', async () => {
    const busy = new UplinkFailed({ kind: 'busy', retryMs: 4000, reason: '503' });
    const many = new EnrolmentRefused('too-many', 'wait a minute');
    assert.deepEqual(await enrolled([lost(), lost(), lost(), busy, many, ENROLLED]), {
      result: ENROLLED,
      ends: [
        ['lost', 2500],
        ['lost', 1000],
        ['lost', 2000],
        ['busy', 4000],
        ['refused', 60_000],
      ],
      attempts: 6,
    });
  });

  it('ends if the hub refuses it', async () => {
    await assert.rejects(enrolled([lost(), new EnrolmentRefused('invite-expired', 'x')]), /x/);
    await assert.rejects(enrolled([new TypeError('a defect')]), /a defect/);
  });
});
