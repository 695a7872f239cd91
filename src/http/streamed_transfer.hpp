#pragma once

#include <bailey/http/client.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/loop.hpp>

#include "http/chunked_decoder.hpp"
#include "http/client_transfer.hpp"

#include <chrono>
#include <exception>
#include <memory>

namespace bailey::http::detail {

// An exchange whose bodies go on as they come. curl asks for what is to be sent and is paused while there is none
// (`feed` gets it from a BodySource); it brings what is received and is paused while too much of it lies in the window
// (`read` empties it). Its time limit is one of silence.
//
// An answer that is whole ends the exchange, whether all of the body has been sent or not. curl does not see it so: it
// waits for a paused body although the connection may be closed by now. So where a source sends, the end of the answer
// is looked for here, by its length or in its chunks.
//
// Shared by its owner, who closes it, and those tasks, any of which may be the last. As long as it has not ended it is
// under way on its ClientLoop, and when it has, it has nothing to do with that any more.
class StreamedTransfer final : private ClientTransfer {
 public:
  // `options` outlive it. `source`: nothing when the request's own body is sent.
  StreamedTransfer(ClientLoop& loop, const ClientOptions& options, ClientRequest request, const BodySource* source);

  // Sends what the source makes. Does not end by itself: it is cancelled.
  [[nodiscard]] static Task<> feed(std::shared_ptr<StreamedTransfer> self, BodySource& source);
  // Waits for the answer's head: nothing, or why there is none.
  [[nodiscard]] static Task<std::optional<Error>> head(std::shared_ptr<StreamedTransfer> self);
  // The next part of the answer's body, as ResponseStream::read.
  [[nodiscard]] static Task<Expected<std::string>> read(std::shared_ptr<StreamedTransfer> self);
  void close() noexcept;

  [[nodiscard]] const ClientResponse& response() const noexcept { return response_; }

 private:
  static std::size_t take_from_part(char* into, std::size_t size, std::size_t count, void* self) noexcept;
  void on_head() override;
  std::size_t on_body(std::string_view part) override;
  void finished(CURLcode result) noexcept override;
  void loop_ends() noexcept override { end(CURLE_ABORTED_BY_CALLBACK); }
  void end(CURLcode result) noexcept;

  void send_from(const BodySource& source);
  [[nodiscard]] Task<> offer_parts(BodySource& source);
  void offer(std::string part);
  void resume() noexcept;
  void look_for_the_end_of(int status);
  [[nodiscard]] bool may_read_on() const noexcept { return !has_ended() && !answer_is_whole_; }
  [[nodiscard]] Task<> wait_for_news();
  [[nodiscard]] std::int64_t bytes_moved() const noexcept;
  void rethrow_what_was_thrown() const;

  const ClientRequest request_;
  const bool follows_redirects_;
  bool has_source_ = false;
  bool has_head_ = false;

  std::string part_;             // being sent
  std::size_t part_sent_ = 0;    // of it
  bool is_last_part_ = true;     // there is none behind it
  bool sending_paused_ = false;  // curl waits for a part
  std::uint64_t offered_ = 0;    // bytes of all parts
  std::optional<std::uint64_t> length_;
  Event part_wanted_;

  std::string window_;             // received, and not read yet
  bool receiving_paused_ = false;  // curl waits for room in it
  Event news_;                     // a head, bytes, or the end

  std::optional<ChunkedDecoder> chunks_;      // of the answer
  std::optional<std::uint64_t> answer_left_;  // of its body
  bool answer_is_whole_ = false;
  std::chrono::milliseconds silence_{};
  std::exception_ptr thrown_;  // by the source
  bool closed_ = false;
};

// What a ResponseStream owns: the transfer, which it closes. It is destroyed on the loop it was opened on, or after it.
struct OpenStream {
  OpenStream(std::shared_ptr<const void> client, std::shared_ptr<StreamedTransfer> transfer);
  ~OpenStream();
  OpenStream(const OpenStream&) = delete;
  OpenStream& operator=(const OpenStream&) = delete;

  // Sends the request and waits for the answer's head. `client` keeps `loop` and `options`.
  [[nodiscard]] static Task<Expected<ResponseStream>> open(std::shared_ptr<const void> client, ClientLoop& loop,
                                                           const ClientOptions& options, ClientRequest request);
  // The same with a source, whose work and that of `read` have ended when this comes back, in any way.
  [[nodiscard]] static Task<Expected<void>> exchange(std::shared_ptr<const void> client, ClientLoop& loop,
                                                     const ClientOptions& options, ClientRequest request,
                                                     BodySource source, Client::Reader read);

  [[nodiscard]] bool is_at_home() const noexcept { return home.is_current(); }

  std::shared_ptr<const void> client;
  std::shared_ptr<StreamedTransfer> transfer;
  LoopHandle home;
};

}  // namespace bailey::http::detail
