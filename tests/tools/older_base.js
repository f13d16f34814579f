/**
 * APIs that the program uses and Deno before 2.9 does not have, for compile tests with an
 * older base binary: see `tools/base_binary.ts`. The binary runs this first.
 */

const pending = new WeakMap();

Deno.FsFile.prototype.tryLock ??= async function (exclusive) {
  // One `lock` per file, checked again at each try: it can't be cancelled.
  const lock = pending.get(this) ?? this.lock(exclusive).then(() => true);
  pending.set(this, lock);
  const late = new Promise((resolve) => setTimeout(() => resolve(false), 5));
  const held = await Promise.race([lock, late]);
  if (held) pending.delete(this);
  return held;
};
