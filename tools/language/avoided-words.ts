/** A word or phrase that texts of the project avoid, and what to write instead. */
export interface AvoidedWord {
  readonly pattern: RegExp;
  readonly instead: string;
  /** Folders whose protocol uses the word. */
  readonly allowedIn?: RegExp;
}

const avoid = (words: string, instead: string, allowedIn?: RegExp): AvoidedWord => ({
  pattern: new RegExp(`(?<![\\w-])(?:${words})(?![\\w-])`, 'gi'),
  instead,
  ...(allowedIn && { allowedIn }),
});

/** Words and phrases that hide the actor or replace the usual word of the field. Patterns match whole words in any case. */
export const AVOIDED_WORDS: readonly AvoidedWord[] = [
  avoid('tells?|told|telling|tellers?', 'reports, sends, notifies, logs, shows; is reported, receives'),
  avoid('whoever|whomever|who asks?|who asked|who reads', 'the client, the caller, the reader'),
  avoid('somebody|someone|nobody|no one|everybody|everyone', 'a client, no client, every peer, a person'),
  avoid('(?:is|are|was|were|be|been) had|had from|has it from', 'comes from'),
  avoid('of (?:its|their|his|her) own', 'separate, dedicated, local'),
  avoid('lets? go|letting go', 'closes, releases'),
  avoid('(?:is|are|was|were|has|have|had) gone|goes away|went away', 'is removed, disconnects, exits, is released'),
  avoid('(?:as (?:it|they) (?:is|are|was|were))(?=[.,;:)]|$)', 'unchanged, verbatim'),
  avoid('in (?:the|its|their) place of', 'instead of'),
  avoid('at once', 'immediately; together'),
  avoid('anew', 'again'),
  avoid('hears?|heard|hearing', 'receives, is notified of'),
  avoid('graver?|gravest', 'severe, of higher severity'),
  avoid('makes? out', 'resolves'),
  avoid('in words', 'message, text'),
  avoid('what is wrong with', 'the problem, the reason'),
  avoid('where there (?:is|are) (?:none|such|one)', 'if there is none; if … exists'),
  avoid('the one (?:of|that|which)|one that (?:is|has|was)', 'repeat the noun'),
  avoid('heeds?|heeded', 'observes, applies'),
  avoid("robot's people|woken up", 'the on-call engineer'),
  avoid(
    'octets?',
    'bytes',
    /^(?:packages\/wire|packages\/programs\/demo|test\/network|benchmarks|tools\/fuzz|docs\/ingest)/,
  ),
];

/** Parts of file names that say neither what a thing is nor what it does. */
export const AVOIDED_NAME_PARTS: ReadonlySet<string> = new Set([
  ...['told', 'tell', 'telling', 'heard', 'hear', 'hearing', 'nobody', 'somebody', 'whoever', 'kept', 'own', 'joined'],
  ...['meant', 'seldom', 'laid', 'asked', 'elsewhere', 'shown', 'given', 'corks', 'desk', 'ripening', 'happenings'],
  ...['standings', 'heed', 'sole', 'greeting', 'doubted', 'bare', 'words', 'why', 'concerns', 'standstill'],
]);

/** Names that contain such a part and cannot change: fields of JSON and of stored data, and a schema of the API. */
export const FIXED_NAMES: ReadonlySet<string> = new Set(['why', 'words', 'isTold', 'LaidDownUpdate']);
