export { CUTS, type Cut, type CutOff, cutOff, mortalFiles } from './crashing-files.ts';
export {
  installedRobot,
  installOldAndPrepareNew,
  type KeyPair,
  keyPair,
  systemInstallFiles,
  update,
} from './installed-robot.ts';
