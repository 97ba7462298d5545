/** Endpoints by topic name. */
export class TopicIndex<Endpoint> {
  readonly #byTopic = new Map<string, Set<Endpoint>>();

  add(topicName: string, endpoint: Endpoint): void {
    const endpoints = this.#byTopic.get(topicName);
    if (endpoints) endpoints.add(endpoint);
    else this.#byTopic.set(topicName, new Set([endpoint]));
  }

  remove(topicName: string, endpoint: Endpoint): void {
    const endpoints = this.#byTopic.get(topicName);
    endpoints?.delete(endpoint);
    if (endpoints?.size === 0) this.#byTopic.delete(topicName);
  }

  /** May be walked while endpoints come and go. */
  of(topicName: string): readonly Endpoint[] {
    return [...(this.#byTopic.get(topicName) ?? [])];
  }
}
