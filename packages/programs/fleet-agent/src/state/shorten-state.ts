import type { RobotInformation, RobotState } from '@medkit/vda5050';

/** Maximum number of errors in a state. A fleet control needs the most severe, and most limit what they accept. */
export const MAX_ERRORS = 64;
/** Maximum number of information items, which are only for people. */
const MAX_INFORMATION = 64;

/** An encoded state. */
export interface TruncatedState {
  readonly state: RobotState;
  readonly text: string;
  /** Errors that did not fit. */
  readonly leftOut: number;
}

/**
 * Encodes the state with as many errors as fit, in order. An information item states the number of omitted errors. Returns
 * `undefined` if not even a state without errors fits.
 */
export function shortenState(
  state: RobotState,
  maxBytes: number,
  encode: (state: RobotState) => string,
): TruncatedState | undefined {
  const attempt = (errors: number, information: number): TruncatedState => {
    const leftOut = state.errors.length - errors;
    const included = state.information.slice(0, information);
    const short: RobotState = {
      ...state,
      errors: state.errors.slice(0, errors),
      information: leftOut > 0 ? [leftOutInformation(leftOut), ...included] : included,
    };
    return { state: short, text: encode(short), leftOut };
  };
  const fits = ({ text }: TruncatedState): boolean => Buffer.byteLength(text) <= maxBytes;

  const most = Math.min(state.errors.length, MAX_ERRORS);
  for (const information of [MAX_INFORMATION, 0]) {
    const full = attempt(most, information);
    if (fits(full)) return full;
  }
  let best = attempt(0, 0);
  if (!fits(best)) return undefined;
  for (let least = 1, above = most; least < above; ) {
    const middle = Math.floor((least + above) / 2);
    const tried = attempt(middle, 0);
    if (fits(tried)) {
      best = tried;
      least = middle + 1;
    } else above = middle;
  }
  return best;
}

function leftOutInformation(count: number): RobotInformation {
  return {
    type: 'MORE_ERRORS',
    level: 'INFO',
    references: [{ key: 'leftOut', value: String(count) }],
    description: `${count} more errors are active that do not fit into this message.`,
  };
}
