import type { OperatingMode } from '../robot/robot-state.ts';

/** 2.1.0, 6.10.6. */
export const MESSAGE_MODES = ['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL', 'SERVICE', 'TEACHIN'] as const;
type MessageMode = (typeof MESSAGE_MODES)[number];

/** Modes that 2.1.0 lacks are mapped to modes without fleet control. */
export const WORD_OF_MODE: Readonly<Record<OperatingMode, MessageMode>> = {
  STARTUP: 'MANUAL',
  AUTOMATIC: 'AUTOMATIC',
  SEMIAUTOMATIC: 'SEMIAUTOMATIC',
  INTERVENED: 'MANUAL',
  MANUAL: 'MANUAL',
  SERVICE: 'SERVICE',
  TEACH_IN: 'TEACHIN',
};

export const MODE_OF_WORD: Readonly<Record<MessageMode, OperatingMode>> = {
  AUTOMATIC: 'AUTOMATIC',
  SEMIAUTOMATIC: 'SEMIAUTOMATIC',
  MANUAL: 'MANUAL',
  SERVICE: 'SERVICE',
  TEACHIN: 'TEACH_IN',
};
