import type { X509Certificate } from 'node:crypto';
import type { Clock } from '@medkit/edges';
import type {
  AsymmetricAlgorithmSecurityHeader,
  ClientSecureChannelLayer,
  MessageSecurityMode,
  SecurityPolicy,
} from 'node-opcua-client';
import { ANSWER_TIMEOUT_MS, MAX_STRAY_ANSWERS, TOKEN_LIFETIME_MS } from '../bounds.ts';
import type { OpcuaLibrary } from '../opcua-library.ts';
import { PlcError, PlcRefused, PlcUnreachable } from '../plc-error.ts';
import type { ApplicationCertificate } from '../security/application-certificate.ts';
import { statusName, withStatusNames } from '../values/status.ts';
import { ChannelGuard } from './channel-guard.ts';
import { SocketTransport } from './socket-transport.ts';

/** The dependencies of a channel, and its server. */
export interface ChannelEdge {
  readonly library: OpcuaLibrary;
  readonly clock: Clock;
  readonly endpointUrl: string;
  /** Aborts pending requests and the channel. */
  readonly signal: AbortSignal;
}

/** Security of a channel; absent for an unsecured one. */
export interface ChannelSecurity {
  readonly policy: SecurityPolicy;
  readonly mode: MessageSecurityMode;
  readonly client: ApplicationCertificate;
  /** The verified certificate of the server. */
  readonly server: X509Certificate;
}

type Request = Parameters<ClientSecureChannelLayer['performMessageTransaction']>[0];
type Answer = { readonly responseHeader: { readonly serviceResult: { readonly value: number } } };
type AnswerClass<A extends Answer> = new (...args: never[]) => A;

/** Status codes that end a session: the server no longer knows it (OPC 10000-4, 7.38.2). */
const ENDS_SESSION =
  /^Bad(SessionIdInvalid|SessionClosed|SessionNotActivated|SecureChannel\w*|TcpSecureChannelUnknown|ServerHalted)$/;

/**
 * The secure channel to a server (OPC 10000-4, 5.6): requests and their answers. Invalid data from the server, or
 * errors of the library, at worst end this channel.
 */
export class SecureChannel {
  /** Called once when the channel is lost, not when it is closed. */
  onLost: (error: PlcUnreachable) => void = () => undefined;
  readonly library: OpcuaLibrary;
  readonly endpointUrl: string;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #abort = () => void this.#fail(new PlcError('it was aborted'));
  readonly #layer: ClientSecureChannelLayer;
  readonly #guard: ChannelGuard;
  readonly #waiting = new Map<number, (error: PlcError) => void>();
  #transport: SocketTransport | undefined;
  #lastReceivedMs: number;
  #strays = 0;
  #problem: PlcUnreachable | undefined;
  #isClosed = false;

  private constructor({ library, clock, endpointUrl, signal }: ChannelEdge, security: ChannelSecurity | undefined) {
    this.library = library;
    this.endpointUrl = endpointUrl;
    this.#clock = clock;
    this.#signal = signal;
    this.#lastReceivedMs = clock.monotonicMs();
    this.#guard = new ChannelGuard(security?.server, clock, (error) => void this.#fail(error));
    this.#layer = new library.ClientSecureChannelLayer({
      connectionStrategy: { maxRetry: 0 },
      defaultSecureTokenLifetime: TOKEN_LIFETIME_MS,
      defaultTransactionTimeout: ANSWER_TIMEOUT_MS,
      securityMode: security?.mode ?? library.MessageSecurityMode.None,
      securityPolicy: security?.policy ?? library.SecurityPolicy.None,
      serverCertificate: security?.server.raw,
      parent: security && {
        applicationName: 'medkit',
        clientName: 'medkit',
        getCertificate: () => security.client.certificate.raw,
        getCertificateChain: () => [...security.client.chain],
        getPrivateKey: () => ({ hidden: security.client.key }),
      },
      transportFactory: { create: () => this.#newTransport() },
    });
    signal.addEventListener('abort', this.#abort);
    this.#layer.on('message', (_answer, kind, header, requestId) => {
      if (kind === 'OPN') this.#guard.checkSender((header as AsymmetricAlgorithmSecurityHeader).senderCertificate);
      this.#count(kind, requestId);
    });
    this.#layer.once('receive_chunk', () => this.#listen());
    this.#layer.on('receive_chunk', (chunk) => this.#guard.lookAt(chunk));
    this.#layer.on('security_token_created', (token) => this.#guard.checkToken(token));
    this.#layer.on('close', (error) => this.#fail(error ?? new PlcError('the server closed the connection')));
  }

  /** Opens a channel. Rejects with `PlcError`. */
  static async open(edge: ChannelEdge, security?: ChannelSecurity): Promise<SecureChannel> {
    const channel = new SecureChannel(edge, security);
    try {
      await channel.#open(security?.policy ?? edge.library.SecurityPolicy.None);
      return channel;
    } catch (error) {
      await channel.close();
      throw channel.#problem ?? channel.#unreachable(error);
    }
  }

  /** Why the channel is lost, if it is. */
  get problem(): PlcUnreachable | undefined {
    return this.#problem;
  }

  /** When data last arrived from the server, in monotonic milliseconds. */
  get lastReceivedMs(): number {
    return this.#lastReceivedMs;
  }

  /** How far the server's clock was ahead of this machine's when the channel was opened, in milliseconds. */
  get skewMs(): number {
    return this.#layer.timeDrift;
  }

  /**
   * Sends a request. Rejects with `PlcRefused` if the server refuses it, and with `PlcUnreachable` if it does not
   * answer. An answer of the wrong type ends the channel.
   */
  request<A extends Answer>(request: Request, expected: AnswerClass<A>, timeoutMs = ANSWER_TIMEOUT_MS): Promise<A> {
    if (this.#problem) return Promise.reject(this.#problem);
    if (this.#isClosed) return Promise.reject(this.#unreachable(new PlcError('the session was closed')));
    const answered = Promise.withResolvers<A>();
    let isAnswered = false;
    request.requestHeader.timeoutHint = timeoutMs;
    try {
      this.#layer.performMessageTransaction(request, (error, answer) => {
        isAnswered = true;
        this.#waiting.delete(request.requestHeader.requestHandle);
        if (answer instanceof expected) this.#take(answer, answered);
        else if (error) answered.reject(this.#failure(error));
        else
          answered.reject(this.#fail(new PlcError(`expected ${expected.name}, received ${answer?.constructor.name}`)));
      });
    } catch (error) {
      // The library throws if it cannot encode a request: nothing was sent, and the channel is unaffected.
      const { message } = this.#unreachable(error);
      const name = request.constructor.name;
      answered.reject(
        new PlcRefused(`${message} (${name} was not sent because it cannot be encoded)`, 'BadEncodingError'),
      );
      isAnswered = true;
    }
    if (!isAnswered) this.#waiting.set(request.requestHeader.requestHandle, answered.reject);
    return answered.promise;
  }

  /** Ends the channel because of invalid or missing data of the server. */
  fail(error: Error): PlcUnreachable {
    return this.#fail(error);
  }

  /** Closes the channel, and waits until its timers and sockets are released. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#guard.stop();
    this.#signal.removeEventListener('abort', this.#abort);
    await new Promise<void>((resolve) => {
      try {
        this.#layer.close(() => resolve());
      } catch (error) {
        this.#fail(error as Error);
        resolve();
      }
    });
    this.#layer.dispose();
    this.#transport?.dispose();
    this.#layer.removeAllListeners();
  }

  async #open(policy: SecurityPolicy): Promise<void> {
    const opened = Promise.withResolvers<void>();
    // May reject without a waiting caller if the library throws.
    opened.promise.catch(() => undefined);
    this.#waiting.set(0, opened.reject);
    this.#signal.throwIfAborted();
    this.#layer.create(this.endpointUrl, (error) => (error ? opened.reject(error) : opened.resolve()));
    await opened.promise;
    this.#waiting.delete(0);
    const builder = this.#layer._getMessageBuilder();
    if (builder?.securityPolicy !== policy) {
      throw new PlcError(`the channel uses the security policy ${builder?.securityPolicy} instead of ${policy}`);
    }
  }

  /** Invalid data ends the channel immediately, including an invalid answer to its opening. */
  #listen(): void {
    const builder = this.#layer._getMessageBuilder();
    builder?.on('error', (error) => void this.#fail(error));
    builder?.on(
      'invalid_message',
      (answer) => void this.#fail(new PlcError(`cannot decode the received ${answer.constructor.name}`)),
    );
  }

  #newTransport() {
    const onReceived = () => {
      this.#lastReceivedMs = this.#clock.monotonicMs();
    };
    const nameOf = (code: number) => statusName(this.library, code);
    this.#transport = new SocketTransport(onReceived, (error) => void this.#fail(error), nameOf);
    // The library declares its own acknowledgement class, but reads only these fields.
    return this.#transport as never;
  }

  /** Limits unsolicited answers, which would keep this process busy. */
  #count(kind: string, requestId: number): void {
    if (kind !== 'MSG' || this.#waiting.has(requestId)) return;
    if (++this.#strays > MAX_STRAY_ANSWERS) {
      this.#fail(new PlcError(`it sent more than ${MAX_STRAY_ANSWERS} answers without a pending request`));
    }
  }

  #take<A extends Answer>(answer: A, { resolve, reject }: PromiseWithResolvers<A>): void {
    const { value } = answer.responseHeader.serviceResult;
    if (value >>> 31 === 0) resolve(answer);
    else reject(this.#refusal(value));
  }

  #failure(error: Error): PlcError {
    const fault = (error as { response?: Answer }).response?.responseHeader;
    return fault ? this.#refusal(fault.serviceResult.value) : this.#unreachable(error);
  }

  #refusal(value: number): PlcError {
    const status = statusName(this.library, value);
    if (ENDS_SESSION.test(status)) return this.#fail(new PlcError(`the server ended the session: ${status}`, status));
    return new PlcRefused(`${this.endpointUrl} refused the request: ${status}`, status);
  }

  #fail(error: Error): PlcUnreachable {
    if (this.#problem) return this.#problem;
    const problem = this.#unreachable(error);
    if (this.#isClosed) return problem;
    this.#problem = problem;
    this.#guard.stop();
    for (const reject of this.#waiting.values()) reject(problem);
    this.#waiting.clear();
    this.#transport?.dispose();
    this.onLost(problem);
    return problem;
  }

  #unreachable(error: unknown): PlcUnreachable {
    if (error instanceof PlcUnreachable) return error;
    const { message } = error instanceof Error ? error : new Error(String(error));
    const named = withStatusNames(this.library, message.trim().slice(0, 500));
    const status = error instanceof PlcError ? error.status : /\bBad[A-Z]\w+/.exec(named)?.[0];
    return new PlcUnreachable(`${this.endpointUrl}: ${named}`, status);
  }
}
