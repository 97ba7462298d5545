import { InvalidParameter } from '../errors.ts';
import { listNames, type ParameterNames, type ParameterQuery } from './list-names.ts';
import type {
  Parameter,
  ParameterDescriptor,
  ParameterEvent,
  ParameterSetResult,
  ParameterType,
  ParameterValue,
} from './parameter.ts';
import { rangeProblem } from './range-problem.ts';

/** A parameter as its node declares it. What is left out of the descriptor is empty, false or any. */
export interface ParameterDeclaration extends Partial<Omit<ParameterDescriptor, 'name'>> {
  readonly name: string;
  /** Left out, the parameter has no value until one is set; `type` then says of which type. */
  readonly value?: ParameterValue;
}

/** Sees the parameters that are about to be set, together those of one atomic request. Gives a reason to refuse them. */
export type BeforeSet = (parameters: readonly Parameter[]) => string | undefined;

/** What became of parameters that were to be set together, and what there is to tell of it. */
export interface SetOutcome {
  readonly result: ParameterSetResult;
  readonly changes: Omit<ParameterEvent, 'node'>;
}

interface Declared {
  readonly descriptor: ParameterDescriptor;
  readonly value: ParameterValue;
}

const NOT_SET: ParameterValue = { type: 'not_set' };

/** The parameters of one node: names, values and rules, as rclcpp has them. */
export class ParameterStore {
  readonly #declared = new Map<string, Declared>();
  readonly #beforeSet: BeforeSet;

  constructor(beforeSet: BeforeSet = () => undefined) {
    this.#beforeSet = beforeSet;
  }

  /** Gives the parameter as it is now. Throws `InvalidParameter` where it could never have been set so. */
  declare({ name, value = NOT_SET, ...rules }: ParameterDeclaration): Parameter {
    if (name === '') throw new InvalidParameter('a parameter needs a name');
    if (this.#declared.has(name)) throw new InvalidParameter(`${name} is declared already`);
    const descriptor: ParameterDescriptor = {
      type: value.type,
      description: '',
      additionalConstraints: '',
      readOnly: false,
      dynamicTyping: false,
      ...rules,
      name,
    };
    if (descriptor.type === 'not_set' && !descriptor.dynamicTyping) {
      throw new InvalidParameter(`${name} needs a value, a type or dynamic typing`);
    }
    const problem = value.type === 'not_set' ? undefined : valueProblem(descriptor, value);
    if (problem !== undefined) throw new InvalidParameter(problem);
    this.#declared.set(name, { descriptor, value });
    return { name, value };
  }

  /** `undefined` where it is not declared, or has no value although its type is fixed: ROS has no answer to either. */
  get(name: string): ParameterValue | undefined {
    const declared = this.#declared.get(name);
    const unset = declared?.value.type === 'not_set' && !declared.descriptor.dynamicTyping;
    return unset ? undefined : declared?.value;
  }

  describe(name: string): ParameterDescriptor | undefined {
    return this.#declared.get(name)?.descriptor;
  }

  /** The type that it has now. */
  typeOf(name: string): ParameterType | undefined {
    return this.#declared.get(name)?.value.type;
  }

  list(query: ParameterQuery): ParameterNames {
    return listNames(this.#declared.keys(), query);
  }

  /** Sets all of them or none. */
  set(parameters: readonly Parameter[]): SetOutcome {
    const reason = this.#refusal(parameters);
    if (reason !== undefined) return { result: { successful: false, reason }, changes: NO_CHANGES };
    const added: Parameter[] = [];
    const changed: Parameter[] = [];
    const deleted: string[] = [];
    for (const { name, value } of parameters) {
      const declared = this.#declared.get(name);
      if (!declared) continue;
      if (value.type === 'not_set') {
        this.#declared.delete(name);
        deleted.push(name);
        continue;
      }
      (declared.value.type === 'not_set' ? added : changed).push({ name, value });
      this.#declared.set(name, { value, descriptor: { ...declared.descriptor, type: value.type } });
    }
    return { result: { successful: true, reason: '' }, changes: { added, changed, deleted } };
  }

  #refusal(parameters: readonly Parameter[]): string | undefined {
    for (const { name, value } of parameters) {
      const declared = this.#declared.get(name);
      const problem = declared ? setProblem(declared.descriptor, value) : `${name} is not declared`;
      if (problem !== undefined) return problem;
    }
    return this.#beforeSet(parameters);
  }
}

const NO_CHANGES = { added: [], changed: [], deleted: [] };

function setProblem(descriptor: ParameterDescriptor, value: ParameterValue): string | undefined {
  const { name, readOnly, dynamicTyping } = descriptor;
  if (readOnly) return `${name} is read-only`;
  if (value.type !== 'not_set') return valueProblem(descriptor, value);
  return dynamicTyping ? undefined : `${name} has a fixed type and cannot be undeclared`;
}

function valueProblem(descriptor: ParameterDescriptor, value: ParameterValue): string | undefined {
  const { name, type, dynamicTyping } = descriptor;
  if (!dynamicTyping && value.type !== type) return `${name} is of type ${type}, not ${value.type}`;
  const outside = rangeProblem(descriptor, value);
  return outside && `${name} ${outside}`;
}
