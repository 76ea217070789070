#include <forebay/block.hpp>

#include <new>

namespace forebay {

void* block::allocate(std::size_t payload_size) { return ::operator new(sizeof(block) + payload_size); }

block_ptr block::make(const payload_type& type) {
  block_ptr owner(::new (allocate(type.size)) block());
  type.construct(owner->payload());
  owner->type_ = &type;
  return owner;
}

block_ptr block::make_absent() { return block_ptr(::new (allocate(0)) block()); }

std::size_t block::bytes() const noexcept {
  return sizeof(block) + (type_ == nullptr ? 0 : type_->size + type_->heap_bytes(payload()));
}

void block::release(block* b) noexcept {
  if (b->type_ != nullptr) b->type_->destroy(b->payload());
  b->~block();
  ::operator delete(b);
}

}  // namespace forebay
