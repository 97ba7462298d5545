/*
 * Sends the declaration and the state of a runtime to a medkit gateway, over loopback UDP or a Unix stream socket. Never
 * waits. The message layout is in medkit's docs/ingest.md. For observation only: no safety function may depend on it.
 *
 * C99 and POSIX sockets. Needs no library, and no memory except the caller's. In one source file:
 *
 *   #define MEDKIT_INGEST_IMPLEMENTATION
 *   #include "medkit_ingest.h"
 *
 * before any other header, because it requests POSIX from the system headers. Other files omit the first line. A sender may
 * be used by one thread at a time. A call takes a few microseconds, mostly in the single system call that sends.
 *
 *   static medkit_ingest sender;
 *   if (medkit_ingest_open(&sender, "udp:127.0.0.1:7799", key, session) != 0) return 1;
 *   medkit_ingest_declare(&sender, json);                        first, and about once a second
 *   medkit_ingest_state(&sender, ports, 3, results, 1);          in every cycle
 *   medkit_ingest_close(&sender);
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef MEDKIT_INGEST_H
#define MEDKIT_INGEST_H

#if defined(MEDKIT_INGEST_IMPLEMENTATION) && !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L
#endif

#include <stddef.h>
#include <stdint.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MEDKIT_INGEST_KEY_BYTES 32
#define MEDKIT_INGEST_MAX_JSON 60000
#define MEDKIT_INGEST_MAX_PORTS 256
#define MEDKIT_INGEST_MAX_FAULTS 64
#define MEDKIT_INGEST_MAX_MESSAGE (32 + MEDKIT_INGEST_MAX_JSON + 16)

/* Result of the test that detects a fault. */
enum { MEDKIT_INGEST_UNTESTED = 0, MEDKIT_INGEST_PASSED = 1, MEDKIT_INGEST_FAILED = 2 };

/* The value of a port, according to its declared type. A bool is an int64 of 0 or 1. */
typedef union {
  double float64;
  int64_t int64;
} medkit_ingest_value;

/* A sender. Its members are private. It is large (60 KiB): make it static, or a member of a static object. */
typedef struct {
  int socket;
  int is_stream;
  int has_key;
  uint16_t revision;
  uint64_t session;
  uint64_t sequence;
  uint64_t tried_us;
  unsigned char key[MEDKIT_INGEST_KEY_BYTES];
  unsigned char declared[32];
  uint8_t results[MEDKIT_INGEST_MAX_FAULTS];
  uint32_t occurrences[MEDKIT_INGEST_MAX_FAULTS];
  union {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_un un;
  } address;
  socklen_t address_length;
  size_t sent;
  size_t to_send;
  unsigned char frame[4 + MEDKIT_INGEST_MAX_MESSAGE];
} medkit_ingest;

/*
 * Opens a sender to "udp:127.0.0.1:<port>" or "unix:/<path>", whether or not a gateway listens there. `key` has 32 octets.
 * It is required for UDP, and may be NULL for a Unix socket. `session` must be greater than in every earlier run: a stored
 * counter, or medkit_ingest_session(). Returns 0, or -1 if the address is invalid or the key is missing.
 */
int medkit_ingest_open(medkit_ingest *sender, const char *address, const unsigned char *key, uint64_t session);

/*
 * Sends the declaration of the runtime: JSON, UTF-8, at most 60,000 octets. Call it first, then about once a second with
 * the same text, for a gateway that starts later. A different text starts a new revision: the counters of its faults start
 * at 0. Returns 1 if it was sent, 0 if it was dropped, -1 if it is too long.
 */
int medkit_ingest_declare(medkit_ingest *sender, const char *json);

/*
 * Sends the state of every port and of every fault (MEDKIT_INGEST_UNTESTED, _PASSED or _FAILED), in the order of the
 * declaration. Counts how often each fault becomes failed. Returns 1 if it was sent, 0 if it was dropped (the next state
 * includes its changes in the counters), -1 if there are too many ports or faults, or a result is invalid.
 */
int medkit_ingest_state(medkit_ingest *sender, const medkit_ingest_value *ports, uint16_t port_count,
                        const uint8_t *results, uint16_t fault_count);

/* Closes the sender. */
void medkit_ingest_close(medkit_ingest *sender);

/* Parses the text of a key file: 64 hexadecimal digits, with optional white space around. Returns 0, or -1 if invalid. */
int medkit_ingest_key(const char *text, unsigned char key[MEDKIT_INGEST_KEY_BYTES]);

/* Session from the wall clock: microseconds since 1970. If the clock may be set back, store a counter instead. */
uint64_t medkit_ingest_session(void);

/* Microseconds of the monotonic clock. */
uint64_t medkit_ingest_now_us(void);

/*
 * The two messages without sending them, for use with another transport. They return the message in memory that the next
 * call reuses, and set `length`. They return NULL if the corresponding call above would return -1.
 */
const unsigned char *medkit_ingest_encode_declaration(medkit_ingest *sender, uint64_t time_us, const char *json,
                                                      size_t *length);
const unsigned char *medkit_ingest_encode_state(medkit_ingest *sender, uint64_t time_us,
                                                const medkit_ingest_value *ports, uint16_t port_count,
                                                const uint8_t *results, uint16_t fault_count, size_t *length);

#ifdef __cplusplus
}
#endif

#ifdef MEDKIT_INGEST_IMPLEMENTATION

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* macOS has SO_NOSIGPIPE instead. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

enum { MEDKIT_INGEST_HEADER = 32, MEDKIT_INGEST_MAC = 16, MEDKIT_INGEST_RETRY_US = 200000 };

/* ---- SHA-256 (FIPS 180-4) and HMAC (RFC 2104) ---- */

typedef struct {
  uint32_t hash[8];
  uint64_t octets;
  unsigned char block[64];
} medkit_ingest_sha;

static uint32_t medkit_ingest_rotated(uint32_t word, int bits) { return (word >> bits) | (word << (32 - bits)); }

static void medkit_ingest_sha_block(medkit_ingest_sha *sha, const unsigned char *block) {
  static const uint32_t constants[64] = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
      0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
      0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
      0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
      0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
      0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
      0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
  uint32_t words[64], v[8];
  int i;
  for (i = 0; i < 16; i++) {
    words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
               block[4 * i + 3];
  }
  for (i = 16; i < 64; i++) {
    uint32_t a = words[i - 15], b = words[i - 2];
    words[i] = words[i - 16] + words[i - 7] +
               (medkit_ingest_rotated(a, 7) ^ medkit_ingest_rotated(a, 18) ^ (a >> 3)) +
               (medkit_ingest_rotated(b, 17) ^ medkit_ingest_rotated(b, 19) ^ (b >> 10));
  }
  memcpy(v, sha->hash, sizeof v);
  for (i = 0; i < 64; i++) {
    uint32_t e = v[4], a = v[0];
    uint32_t one = v[7] + (medkit_ingest_rotated(e, 6) ^ medkit_ingest_rotated(e, 11) ^ medkit_ingest_rotated(e, 25)) +
                   ((e & v[5]) ^ (~e & v[6])) + constants[i] + words[i];
    uint32_t two = (medkit_ingest_rotated(a, 2) ^ medkit_ingest_rotated(a, 13) ^ medkit_ingest_rotated(a, 22)) +
                   ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
    memmove(v + 1, v, 7 * sizeof v[0]);
    v[4] += one;
    v[0] = one + two;
  }
  for (i = 0; i < 8; i++) sha->hash[i] += v[i];
}

static void medkit_ingest_sha_begin(medkit_ingest_sha *sha) {
  static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  memcpy(sha->hash, initial, sizeof initial);
  sha->octets = 0;
}

static void medkit_ingest_sha_add(medkit_ingest_sha *sha, const unsigned char *octets, size_t count) {
  while (count > 0) {
    size_t filled = (size_t)(sha->octets % 64);
    size_t taken = count < 64 - filled ? count : 64 - filled;
    memcpy(sha->block + filled, octets, taken);
    sha->octets += taken;
    octets += taken;
    count -= taken;
    if (filled + taken == 64) medkit_ingest_sha_block(sha, sha->block);
  }
}

static void medkit_ingest_sha_end(medkit_ingest_sha *sha, unsigned char digest[32]) {
  static const unsigned char padding[64] = {0x80};
  uint64_t bits = sha->octets * 8;
  unsigned char length[8];
  int i;
  for (i = 0; i < 8; i++) length[i] = (unsigned char)(bits >> (56 - 8 * i));
  medkit_ingest_sha_add(sha, padding, (size_t)(1 + (119 - sha->octets % 64) % 64));
  medkit_ingest_sha_add(sha, length, 8);
  for (i = 0; i < 32; i++) digest[i] = (unsigned char)(sha->hash[i / 4] >> (24 - 8 * (i % 4)));
}

static void medkit_ingest_hmac(const unsigned char key[MEDKIT_INGEST_KEY_BYTES], const unsigned char *octets,
                               size_t count, unsigned char digest[32]) {
  medkit_ingest_sha sha;
  unsigned char pad[64];
  int i;
  for (i = 0; i < 64; i++) pad[i] = (unsigned char)((i < MEDKIT_INGEST_KEY_BYTES ? key[i] : 0) ^ 0x36);
  medkit_ingest_sha_begin(&sha);
  medkit_ingest_sha_add(&sha, pad, 64);
  medkit_ingest_sha_add(&sha, octets, count);
  medkit_ingest_sha_end(&sha, digest);
  for (i = 0; i < 64; i++) pad[i] ^= 0x36 ^ 0x5c;
  medkit_ingest_sha_begin(&sha);
  medkit_ingest_sha_add(&sha, pad, 64);
  medkit_ingest_sha_add(&sha, digest, 32);
  medkit_ingest_sha_end(&sha, digest);
}

/* ---- messages ---- */

/* Writes a number in little endian on any machine. */
static void medkit_ingest_put(unsigned char *at, uint64_t value, int octets) {
  int i;
  for (i = 0; i < octets; i++) at[i] = (unsigned char)(value >> (8 * i));
}

static unsigned char *medkit_ingest_begin(medkit_ingest *sender, int kind, uint64_t time_us) {
  unsigned char *message = sender->frame + 4;
  memcpy(message, "MKIN", 4);
  message[4] = 1;
  message[5] = (unsigned char)kind;
  medkit_ingest_put(message + 6, sender->revision, 2);
  medkit_ingest_put(message + 8, sender->session, 8);
  medkit_ingest_put(message + 16, ++sender->sequence, 8);
  medkit_ingest_put(message + 24, time_us, 8);
  return message;
}

static const unsigned char *medkit_ingest_end(medkit_ingest *sender, size_t count, size_t *length) {
  unsigned char *message = sender->frame + 4;
  unsigned char digest[32] = {0};
  if (sender->has_key) medkit_ingest_hmac(sender->key, message, count, digest);
  memcpy(message + count, digest, MEDKIT_INGEST_MAC);
  *length = count + MEDKIT_INGEST_MAC;
  return message;
}

/* A different text starts a new revision with new faults. */
static void medkit_ingest_revise(medkit_ingest *sender, const char *json, size_t count) {
  medkit_ingest_sha sha;
  unsigned char digest[32];
  medkit_ingest_sha_begin(&sha);
  medkit_ingest_sha_add(&sha, (const unsigned char *)json, count);
  medkit_ingest_sha_end(&sha, digest);
  if (sender->revision != 0 && memcmp(digest, sender->declared, sizeof digest) == 0) return;
  memcpy(sender->declared, digest, sizeof digest);
  memset(sender->results, 0, sizeof sender->results);
  memset(sender->occurrences, 0, sizeof sender->occurrences);
  sender->revision++;
}

const unsigned char *medkit_ingest_encode_declaration(medkit_ingest *sender, uint64_t time_us, const char *json,
                                                      size_t *length) {
  unsigned char *message;
  size_t count = strlen(json);
  if (count > MEDKIT_INGEST_MAX_JSON) return NULL;
  medkit_ingest_revise(sender, json, count);
  message = medkit_ingest_begin(sender, 1, time_us);
  memcpy(message + MEDKIT_INGEST_HEADER, json, count);
  return medkit_ingest_end(sender, MEDKIT_INGEST_HEADER + count, length);
}

/* Returns whether the arguments are a valid state. */
static int medkit_ingest_is_state(uint16_t port_count, const uint8_t *results, uint16_t fault_count) {
  uint16_t i;
  if (port_count > MEDKIT_INGEST_MAX_PORTS || fault_count > MEDKIT_INGEST_MAX_FAULTS) return 0;
  for (i = 0; i < fault_count; i++) {
    if (results[i] > MEDKIT_INGEST_FAILED) return 0;
  }
  return 1;
}

/* Also counts a state that is not sent, so that the next one includes its changes. */
static void medkit_ingest_count(medkit_ingest *sender, const uint8_t *results, uint16_t fault_count) {
  uint16_t i;
  for (i = 0; i < fault_count; i++) {
    if (results[i] == MEDKIT_INGEST_FAILED && sender->results[i] != MEDKIT_INGEST_FAILED) sender->occurrences[i]++;
    sender->results[i] = results[i];
  }
}

const unsigned char *medkit_ingest_encode_state(medkit_ingest *sender, uint64_t time_us,
                                                const medkit_ingest_value *ports, uint16_t port_count,
                                                const uint8_t *results, uint16_t fault_count, size_t *length) {
  unsigned char *message, *at;
  uint16_t i;
  if (!medkit_ingest_is_state(port_count, results, fault_count)) return NULL;
  medkit_ingest_count(sender, results, fault_count);
  message = medkit_ingest_begin(sender, 2, time_us);
  at = message + MEDKIT_INGEST_HEADER;
  medkit_ingest_put(at, port_count, 2);
  medkit_ingest_put(at + 2, fault_count, 2);
  medkit_ingest_put(at + 4, 0, 4);
  at += 8;
  for (i = 0; i < port_count; i++, at += 8) {
    uint64_t octets;
    memcpy(&octets, &ports[i], sizeof octets);
    medkit_ingest_put(at, octets, 8);
  }
  for (i = 0; i < fault_count; i++, at += 8) {
    medkit_ingest_put(at, results[i], 4);
    medkit_ingest_put(at + 4, sender->occurrences[i], 4);
  }
  return medkit_ingest_end(sender, (size_t)(at - message), length);
}

/* ---- transport ---- */

uint64_t medkit_ingest_now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

uint64_t medkit_ingest_session(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int medkit_ingest_key(const char *text, unsigned char key[MEDKIT_INGEST_KEY_BYTES]) {
  static const char digits[] = "0123456789abcdef0123456789ABCDEF";
  int i;
  text += strspn(text, " \t\r\n");
  for (i = 0; i < 2 * MEDKIT_INGEST_KEY_BYTES; i++) {
    const char *found = text[i] == '\0' ? NULL : strchr(digits, text[i]);
    if (found == NULL) return -1;
    key[i / 2] = (unsigned char)((i % 2 == 0 ? 0 : key[i / 2] << 4) | (found - digits) % 16);
  }
  text += i;
  return text[strspn(text, " \t\r\n")] == '\0' ? 0 : -1;
}

static int medkit_ingest_read_address(medkit_ingest *sender, const char *text) {
  if (strncmp(text, "unix:/", 6) == 0) {
    struct sockaddr_un *address = &sender->address.un;
    const char *path = text + 5;
    if (strlen(path) >= sizeof address->sun_path) return -1;
    address->sun_family = AF_UNIX;
    strcpy(address->sun_path, path);
    sender->address_length = sizeof *address;
    sender->is_stream = 1;
    return 0;
  }
  if (strncmp(text, "udp:", 4) == 0) {
    struct sockaddr_in *address = &sender->address.in;
    const char *colon = strrchr(text + 4, ':');
    char host[16], *rest;
    size_t length = colon == NULL ? sizeof host : (size_t)(colon - text - 4);
    long port;
    if (length >= sizeof host) return -1;
    memcpy(host, text + 4, length);
    host[length] = '\0';
    port = strtol(colon + 1, &rest, 10);
    if (rest == colon + 1 || *rest != '\0' || port < 1 || port > 65535) return -1;
    if (inet_pton(AF_INET, host, &address->sin_addr) != 1) return -1;
    /* Loopback only: nothing may leave the machine. */
    if (ntohl(address->sin_addr.s_addr) >> 24 != 127) return -1;
    address->sin_family = AF_INET;
    address->sin_port = htons((uint16_t)port);
    sender->address_length = sizeof *address;
    return sender->has_key ? 0 : -1;
  }
  return -1;
}

static void medkit_ingest_disconnect(medkit_ingest *sender) {
  if (sender->socket >= 0) close(sender->socket);
  sender->socket = -1;
  /* The rest of a partly sent frame belongs to this connection. */
  sender->sent = sender->to_send = 0;
}

/* Returns whether a socket is open. Tries to open one at most five times a second. */
static int medkit_ingest_is_ready(medkit_ingest *sender) {
  uint64_t now = medkit_ingest_now_us();
  if (sender->socket >= 0) return 1;
  if (sender->tried_us != 0 && now - sender->tried_us < MEDKIT_INGEST_RETRY_US) return 0;
  sender->tried_us = now;
  sender->socket = socket(sender->address.any.sa_family, sender->is_stream ? SOCK_STREAM : SOCK_DGRAM, 0);
  if (sender->socket < 0) return 0;
#ifdef SO_NOSIGPIPE
  {
    int on = 1;
    setsockopt(sender->socket, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
  }
#endif
  if (fcntl(sender->socket, F_SETFL, O_NONBLOCK) != 0 || fcntl(sender->socket, F_SETFD, FD_CLOEXEC) != 0 ||
      (sender->is_stream && connect(sender->socket, &sender->address.any, sender->address_length) != 0)) {
    medkit_ingest_disconnect(sender);
    return 0;
  }
  return 1;
}

/* Continues to send a partly sent frame. Returns whether it is complete. */
static int medkit_ingest_flush(medkit_ingest *sender) {
  while (sender->sent < sender->to_send) {
    ssize_t taken =
        send(sender->socket, sender->frame + sender->sent, sender->to_send - sender->sent, MSG_NOSIGNAL);
    if (taken > 0) {
      sender->sent += (size_t)taken;
    } else if (taken < 0 && errno == EINTR) {
      continue;
    } else {
      if (taken < 0 && errno != EAGAIN && errno != EWOULDBLOCK) medkit_ingest_disconnect(sender);
      return 0;
    }
  }
  sender->sent = sender->to_send = 0;
  return 1;
}

/* Returns whether another message can be sent: the frame buffer is free and the socket is open. */
static int medkit_ingest_is_free(medkit_ingest *sender) {
  return medkit_ingest_is_ready(sender) && medkit_ingest_flush(sender);
}

static int medkit_ingest_send(medkit_ingest *sender, size_t length) {
  if (sender->is_stream) {
    medkit_ingest_put(sender->frame, length, 4);
    sender->to_send = 4 + length;
    /* A partly sent frame is completed before the next one and counts as sent. An unsent frame is dropped. */
    if (medkit_ingest_flush(sender)) return 1;
    if (sender->sent > 0) return 1;
    sender->to_send = 0;
    return 0;
  }
  return sendto(sender->socket, sender->frame + 4, length, MSG_NOSIGNAL, &sender->address.any,
                sender->address_length) == (ssize_t)length;
}

int medkit_ingest_open(medkit_ingest *sender, const char *address, const unsigned char *key, uint64_t session) {
  memset(sender, 0, sizeof *sender);
  sender->socket = -1;
  sender->session = session;
  sender->has_key = key != NULL;
  if (key != NULL) memcpy(sender->key, key, sizeof sender->key);
  if (medkit_ingest_read_address(sender, address) != 0) return -1;
  medkit_ingest_is_ready(sender);
  return 0;
}

int medkit_ingest_declare(medkit_ingest *sender, const char *json) {
  size_t length = strlen(json);
  if (length > MEDKIT_INGEST_MAX_JSON) return -1;
  /* Also if it is dropped: the failures of the following states are counted from here on. */
  medkit_ingest_revise(sender, json, length);
  if (!medkit_ingest_is_free(sender)) return 0;
  medkit_ingest_encode_declaration(sender, medkit_ingest_now_us(), json, &length);
  return medkit_ingest_send(sender, length);
}

int medkit_ingest_state(medkit_ingest *sender, const medkit_ingest_value *ports, uint16_t port_count,
                        const uint8_t *results, uint16_t fault_count) {
  size_t length;
  if (!medkit_ingest_is_state(port_count, results, fault_count)) return -1;
  if (!medkit_ingest_is_free(sender)) {
    medkit_ingest_count(sender, results, fault_count);
    return 0;
  }
  medkit_ingest_encode_state(sender, medkit_ingest_now_us(), ports, port_count, results, fault_count, &length);
  return medkit_ingest_send(sender, length);
}

void medkit_ingest_close(medkit_ingest *sender) {
  medkit_ingest_disconnect(sender);
  memset(sender->key, 0, sizeof sender->key);
}

#endif /* MEDKIT_INGEST_IMPLEMENTATION */
#endif /* MEDKIT_INGEST_H */
