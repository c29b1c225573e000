#include "handle.h"

#include <array>
#include <deque>
#include <mutex>
#include <new>
#include <string>

namespace cleanplate::capi {

static_assert(sizeof(std::uintptr_t) == 8, "a handle is 64 bits");

namespace {

// From the top: 8 bits that no address has, kind, generation, slot; the slot's low bits say the
// shelf.
constexpr std::uintptr_t mark = 0x5c;
constexpr unsigned kind_bits = 6, generation_bits = 26, slot_bits = 24;
constexpr std::size_t shelves = 16, most_slots = (std::size_t{1} << slot_bits) / shelves;

struct Slot {
  std::shared_ptr<Object> object;
  std::uint32_t generation = 0;
};

/// A part of the table with a lock of its own.
struct Shelf {
  std::mutex lock;
  std::deque<Slot> slots;
  std::deque<std::uint32_t> free;  // the longest free is taken first
};

std::array<Shelf, shelves>& table() {
  // Never destroyed: handles may be let go by other objects' destructors at the very end.
  static auto* all = new std::array<Shelf, shelves>;
  return *all;
}

std::uintptr_t handle_of(Kind kind, std::uint32_t generation, std::uintptr_t slot) {
  std::uintptr_t h = mark;
  h = h << kind_bits | static_cast<std::uintptr_t>(kind);
  h = h << generation_bits | generation;
  return h << slot_bits | slot;
}

/// The slot, its shelf locked; null: the handle is none, or of another kind, or was destroyed.
Slot* slot_of(Kind kind, std::uintptr_t handle, std::unique_lock<std::mutex>& held,
              std::uintptr_t& number) {
  number = handle & ((std::uintptr_t{1} << slot_bits) - 1);
  const auto generation =
      static_cast<std::uint32_t>(handle >> slot_bits) & ((std::uint32_t{1} << generation_bits) - 1);
  if (handle != handle_of(kind, generation, number)) return nullptr;
  Shelf& shelf = table()[number % shelves];
  held = std::unique_lock(shelf.lock);
  const std::size_t at = number / shelves;
  if (at >= shelf.slots.size()) return nullptr;
  Slot& slot = shelf.slots[at];
  return slot.object && slot.generation == generation ? &slot : nullptr;
}

}  // namespace

const char* name_of(Kind kind) {
  constexpr std::array names{"",        "options", "cancel",   "frame",   "detections", "mask",
                             "plan",    "report",  "detector", "tracker", "inpainter",  "restorer",
                             "decoder", "encoder", "pipeline", "device"};
  return names[static_cast<std::size_t>(kind)];
}

std::uintptr_t publish(Kind kind, std::shared_ptr<Object> object) {
  static std::atomic<std::size_t> next{0};
  const std::size_t which = next.fetch_add(1, std::memory_order_relaxed) % shelves;
  Shelf& shelf = table()[which];
  const std::lock_guard held(shelf.lock);
  // A slot rests until sixteen others have been let go, so that its number does not come soon
  // again.
  std::size_t at = shelf.slots.size();
  if (shelf.free.size() > 16) {
    at = shelf.free.front();
    shelf.free.pop_front();
  } else {
    if (at >= most_slots) throw std::bad_alloc();
    shelf.slots.emplace_back();
  }
  shelf.slots[at].object = std::move(object);
  return handle_of(kind, shelf.slots[at].generation, at * shelves + which);
}

std::shared_ptr<Object> find(Kind kind, std::uintptr_t handle) {
  std::unique_lock<std::mutex> held;
  std::uintptr_t number = 0;
  const Slot* slot = slot_of(kind, handle, held, number);
  return slot ? slot->object : nullptr;
}

std::shared_ptr<Object> withdraw(Kind kind, std::uintptr_t handle) {
  std::unique_lock<std::mutex> held;
  std::uintptr_t number = 0;
  Slot* slot = slot_of(kind, handle, held, number);
  if (!slot) return nullptr;
  slot->generation = (slot->generation + 1) & ((std::uint32_t{1} << generation_bits) - 1);
  table()[number % shelves].free.push_back(static_cast<std::uint32_t>(number / shelves));
  return std::exchange(slot->object, nullptr);  // dies after the lock is let go
}

Error no_such_handle(Kind kind, bool null) {
  return {bad_handle, "c",
          null ? std::string("NULL was given where a ") + name_of(kind) + " is needed."
               : std::string("What was given is no ") + name_of(kind) +
                     ", or was destroyed; give one that was created and not destroyed yet."};
}

Error handle_in_use(Kind kind) {
  return {busy, "c",
          std::string("The ") + name_of(kind) +
              " is in use by another call or by a restorer; use it from one thread at a time."};
}

}  // namespace cleanplate::capi
