export { CUTS, type Cut, type CutOff, cutOff, mortalFiles } from './cut-off.ts';
export { installedRobot, type KeyPair, keyPair, systemInstallFiles, update } from './installed-robot.ts';
