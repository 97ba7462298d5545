import type { EntityLists } from './entity.ts';

/** What one runtime tells of the tree: plain data, replaced as a whole whenever it changes. */
export interface Contribution extends EntityLists {
  /** The runtime's name; unique. */
  readonly runtime: string;
  /** Where two contributions tell of the same entity, the higher priority wins field by field. */
  readonly priority: number;
  /** How `contributors` names it: `local` where absent, `peer:<name>` for another gateway. */
  readonly contributor?: string;
}
