import type { RunningTank } from '../tank/running-tank.ts';
import type { Folder, Library, Namespace } from './library.ts';

/** Implementation of a method. A returned number is its only output argument. */
type Action = (target: number) => number | undefined;

/** Adds the methods of the station: `StartPump`, `StopPump`, `Fill`, `ResetAlarms`. */
export function addTankMethods(library: Library, namespace: Namespace, station: Folder, tank: RunningTank): void {
  const { StatusCodes } = library;
  const add = (name: string, description: string, action: Action, takesTarget = false): void => {
    const method = namespace.addMethod(station, {
      browseName: name,
      nodeId: `s=Station.${name}`,
      description,
      inputArguments: takesTarget ? [{ name: 'target', dataType: DOUBLE, description: 'level in mm' }] : [],
      outputArguments: takesTarget ? [{ name: 'seconds', dataType: DOUBLE, description: 'until it is reached' }] : [],
    });
    method.bindMethod((input, _context, callback) => {
      try {
        const result = action(Number(input[0]?.value));
        callback(null, {
          statusCode: StatusCodes.Good as never,
          outputArguments: result === undefined ? [] : [{ dataType: 'Double', value: result }],
        });
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        callback(null, { statusCode: StatusCodes.BadOutOfRange as never, outputArguments: [] });
      }
    });
  };
  add('StartPump', 'Starts the pump', () => void tank.command({ pumpOn: true }));
  add('StopPump', 'Stops the pump', () => void tank.command({ pumpOn: false }));
  add('Fill', 'Closes the valve and fills the tank up to a level', (target) => tank.fill(target), true);
  add('ResetAlarms', 'Resets the protection that switched the pump off', () => void tank.reset());
}

/** Id of the data type Double in a method argument. */
const DOUBLE = 11;
