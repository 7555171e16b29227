#include "cli/bench/response_reader.h"

#include <gtest/gtest.h>

namespace millrace::cli::bench {
namespace {

using State = ResponseReader::State;

constexpr std::string_view kResponse =
    "HTTP/1.1 400 Bad Request\r\nServer: x\r\ncontent-LENGTH:  5 \r\nDate: now\r\n\r\nhello";

TEST(ResponseReader, ReadsOneResponseAfterAnother) {
  ResponseReader reader;
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(reader.feed(kResponse), State::kComplete);
    EXPECT_EQ(reader.status(), 400);
    EXPECT_EQ(reader.body(), "hello");
    reader.clear();
  }
}

TEST(ResponseReader, ReadsByteByByte) {
  ResponseReader reader;
  for (size_t i = 0; i + 1 < kResponse.size(); ++i) {
    ASSERT_EQ(reader.feed(kResponse.substr(i, 1)), State::kIncomplete) << i;
  }
  EXPECT_EQ(reader.feed(kResponse.substr(kResponse.size() - 1)), State::kComplete);
  EXPECT_EQ(reader.body(), "hello");
}

TEST(ResponseReader, ReadsAnEmptyBody) {
  ResponseReader reader;
  EXPECT_EQ(reader.feed("HTTP/1.1 200 OK\r\nContent-Length:0\r\n\r\n"), State::kComplete);
  EXPECT_EQ(reader.body(), "");
}

TEST(ResponseReader, RefusesWhatItCannotRead) {
  for (std::string_view response :
       {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab"}) {
    EXPECT_EQ(ResponseReader().feed(response), State::kMalformed) << response;
  }
  EXPECT_EQ(ResponseReader().feed(std::string(100'000, 'x')), State::kMalformed);
}

}  // namespace
}  // namespace millrace::cli::bench
