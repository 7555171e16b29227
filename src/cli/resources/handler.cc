#include "cli/resources/handler.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>
#include <re2/re2.h>

namespace millrace::cli::resources {

namespace {

constexpr std::string_view kNodeRuntime = "nodejs20.x";
constexpr std::string_view kPythonRuntime = "python3.11";
constexpr std::string_view kOwnRuntime = "provided.al2023";
// The first that is there counts.
constexpr auto kUsualNames =
    std::to_array<std::string_view>({"index", "handler", "lambda_function", "app", "main"});
constexpr auto kUsualExports =
    std::to_array<std::string_view>({"handler", "lambda_handler", "lambdaHandler"});

constexpr const char* kHow = "say --runtime and --handler, or Runtime and Handler in a template";

Error unclear(std::string_view why) {
  return {ErrorCode::kInvalidConfiguration, fmt::format("{}: {}", why, kHow)};
}

std::string extension_of(const CodeFile& file) {
  return std::filesystem::path(file.name).extension().string();
}

std::string stem_of(const CodeFile& file) {
  return std::filesystem::path(file.name).stem().string();
}

bool is_source(const CodeFile& file) {
  const std::string extension = extension_of(file);
  return extension == ".mjs" || extension == ".js" || extension == ".cjs" || extension == ".py";
}

// Of a pattern with one group.
void add_matches(std::string_view text, const char* pattern, std::vector<std::string>& names) {
  const re2::RE2 expression(pattern);
  re2::StringPiece rest(text.data(), text.size());
  std::string name;
  while (re2::RE2::FindAndConsume(&rest, expression, &name)) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
}

Result<const CodeFile*> find_source(const std::vector<CodeFile>& files) {
  std::vector<const CodeFile*> sources;
  for (const CodeFile& file : files) {
    if (is_source(file)) sources.push_back(&file);
  }
  if (sources.empty()) return unclear("the code has neither JavaScript, Python nor a bootstrap");
  if (sources.size() == 1) return sources.front();
  for (const std::string_view name : kUsualNames) {
    for (const CodeFile* file : sources) {
      if (stem_of(*file) == name) return file;
    }
  }
  return unclear("the code has several files, and none is called index or handler");
}

}  // namespace

std::vector<std::string> exported_functions(const std::string& text, const std::string& extension) {
  std::vector<std::string> names;
  if (extension == ".py") {
    add_matches(text, R"((?m)^(?:async +)?def +([A-Za-z][A-Za-z0-9_]*) *\( *\w+[^,\n)]*, *\w+)",
                names);
    return names;
  }
  add_matches(text, R"((?m)^ *export +(?:async +)?function *\*? *([A-Za-z_$][\w$]*))", names);
  add_matches(text, R"((?m)^ *export +(?:const|let|var) +([A-Za-z_$][\w$]*))", names);
  add_matches(text, R"((?m)^ *export *\{[^}]*?\b(handler|lambdaHandler)\b *[,}])", names);
  add_matches(text, R"((?m)^ *(?:module\.)?exports\.([A-Za-z_$][\w$]*) *=)", names);
  add_matches(text, R"((?m)^ *module\.exports *= *\{[^}]*?\b(handler|lambdaHandler)\b)", names);
  return names;
}

Result<Handler> find_handler(const std::vector<CodeFile>& files) {
  if (std::ranges::find(files, "bootstrap", &CodeFile::name) != files.end()) {
    return Handler{std::string(kOwnRuntime), "bootstrap"};
  }
  const CodeFile& file = *TRY(find_source(files));
  const std::string extension = extension_of(file);
  const auto names = exported_functions(file.content, extension);
  const auto runtime = std::string(extension == ".py" ? kPythonRuntime : kNodeRuntime);
  for (const std::string_view usual : kUsualExports) {
    if (std::ranges::find(names, usual) != names.end()) {
      return Handler{runtime, fmt::format("{}.{}", stem_of(file), usual)};
    }
  }
  if (names.size() == 1) return Handler{runtime, stem_of(file) + "." + names.front()};
  return unclear(
      fmt::format("{} exports {} and none is called handler", file.name,
                  names.empty() ? "no function" : fmt::format("{} functions", names.size())));
}

}  // namespace millrace::cli::resources
