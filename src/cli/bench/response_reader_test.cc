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

constexpr std::string_view kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\nhello\r\nA;why=not\r\n, \r\n\r\nyou\r\r\n0\r\n\r\n";

TEST(ResponseReader, ReadsChunksAtOnceAndByteByByte) {
  ResponseReader reader;
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(reader.feed(kChunked), State::kComplete);
    EXPECT_EQ(reader.body(), "hello, \r\n\r\nyou\r");
    reader.clear();
    ASSERT_EQ(reader.feed(kResponse), State::kComplete);
    EXPECT_EQ(reader.body(), "hello");
    reader.clear();
  }
  for (size_t i = 0; i + 1 < kChunked.size(); ++i) {
    ASSERT_EQ(reader.feed(kChunked.substr(i, 1)), State::kIncomplete) << i;
  }
  EXPECT_EQ(reader.feed(kChunked.substr(kChunked.size() - 1)), State::kComplete);
  EXPECT_EQ(reader.body(), "hello, \r\n\r\nyou\r");
}

TEST(ResponseReader, RefusesChunksThatItCannotRead) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& chunks :
       {std::string("x\r\n"), std::string("\r\n"), std::string("1\r\nab\r\n"),
        std::string("FFFFFFFFFFFFFFFF\r\n"), std::string("10000000\r\n"),
        std::string("0\r\n\r\nmore"), std::string("0\r\nTrailer: x\r\n\r\n"),
        std::string(2'000, '0')}) {
    EXPECT_EQ(ResponseReader().feed(head + chunks), State::kMalformed) << chunks;
  }
}

TEST(ResponseReader, RefusesWhatItCannotRead) {
  for (std::string_view response :
       {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
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
