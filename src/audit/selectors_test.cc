#include "audit/selectors.h"

#include <map>

#include <gtest/gtest.h>

#include "base/random.h"

namespace millrace::audit {
namespace {

const std::string kTable = "AWS::DynamoDB::Table";
const std::string kStream = "AWS::DynamoDB::Stream";
const std::string kFunction = "AWS::Lambda::Function";
const std::string kMusic = "arn:aws:dynamodb:us-east-1:000000000000:table/Music";
const std::string kMusicians = "arn:aws:dynamodb:us-east-1:000000000000:table/Musicians";
const std::string kMusicStream = kMusic + "/stream/2026-11-21T00:00:00.000";
const std::string kResize = "arn:aws:lambda:us-east-1:000000000000:function:resize";

// An event that lives as long as it.
struct Sample {
  Category category = Category::kData;
  bool read_only = false;
  std::string name = "PutItem";
  std::vector<Resource> resources = {{kTable, kMusic}};
  std::string source = "dynamodb.amazonaws.com";
  std::string identity = "arn:aws:iam::000000000000:user/ann";

  [[nodiscard]] EventFacts facts() const {
    return {category, read_only, source, name, identity, resources};
  }
};

Selectors basic(BasicSelector selector) {
  return {.basic = {std::move(selector)}, .advanced = {}};
}
Selectors advanced(std::vector<FieldSelector> fields) {
  return {.basic = {}, .advanced = {{.name = {}, .fields = std::move(fields)}}};
}
std::vector<FieldSelector> data_of(const std::string& type, FieldSelector more) {
  return {{.field = "eventCategory", .equals = {"Data"}},
          {.field = "resources.type", .equals = {type}},
          std::move(more)};
}

TEST(Selectors, NoneCoverNothing) {
  EXPECT_FALSE(covers({}, Sample{}.facts()));
  EXPECT_FALSE(may_cover({}, Category::kManagement));
}

TEST(Selectors, ByDefaultManagementEventsAreCovered) {
  const Selectors selectors = default_selectors();
  for (const bool read_only : {false, true}) {
    EXPECT_TRUE(covers(selectors, Sample{Category::kManagement, read_only}.facts()));
    EXPECT_FALSE(covers(selectors, Sample{Category::kData, read_only}.facts()));
  }
  EXPECT_TRUE(may_cover(selectors, Category::kManagement));
  EXPECT_FALSE(may_cover(selectors, Category::kData));
}

TEST(Selectors, BasicOnesTellReadsFromWrites) {
  const auto only = [](ReadWriteType type, bool read_only, Category category) {
    return covers(
        basic({.read_write_type = type, .data_resources = {{kTable, {"arn:aws:dynamodb"}}}}),
        Sample{category, read_only}.facts());
  };
  for (const Category category : {Category::kManagement, Category::kData}) {
    EXPECT_TRUE(only(ReadWriteType::kReadOnly, true, category));
    EXPECT_FALSE(only(ReadWriteType::kReadOnly, false, category));
    EXPECT_FALSE(only(ReadWriteType::kWriteOnly, true, category));
    EXPECT_TRUE(only(ReadWriteType::kWriteOnly, false, category));
    EXPECT_TRUE(only(ReadWriteType::kAll, true, category));
  }
}

TEST(Selectors, BasicOnesNameTablesOrTakeAll) {
  const Selectors one = basic({.data_resources = {{kTable, {kMusic}}}});
  EXPECT_TRUE(covers(one, Sample{}.facts()));
  EXPECT_FALSE(covers(one, Sample{.resources = {{kTable, kMusicians}}}.facts()));
  EXPECT_FALSE(covers(one, Sample{.resources = {}}.facts()));
  // One of many is enough: a batch.
  EXPECT_TRUE(covers(one, Sample{.resources = {{kTable, kMusicians}, {kTable, kMusic}}}.facts()));

  const Selectors all = basic({.data_resources = {{kTable, {"arn:aws:dynamodb"}}}});
  EXPECT_TRUE(covers(all, Sample{.resources = {{kTable, kMusicians}}}.facts()));
  EXPECT_FALSE(covers(all, Sample{.resources = {{kFunction, kResize}}}.facts()));
  EXPECT_FALSE(covers(all, Sample{.resources = {{kStream, kMusicStream}}}.facts()));

  const Selectors functions = basic({.data_resources = {{kFunction, {"arn:aws:lambda"}}}});
  EXPECT_TRUE(covers(functions, Sample{.resources = {{kFunction, kResize}}}.facts()));
  EXPECT_FALSE(covers(functions, Sample{}.facts()));
}

TEST(Selectors, BasicOnesLeaveManagementEventsOut) {
  const Sample management{Category::kManagement};
  EXPECT_FALSE(covers(basic({.include_management_events = false}), management.facts()));
  EXPECT_FALSE(may_cover(basic({.include_management_events = false}), Category::kManagement));
  const auto excluding = basic({.exclude_management_event_sources = {"kms.amazonaws.com"}});
  EXPECT_TRUE(covers(excluding, management.facts()));
  Sample of_kms = management;
  of_kms.source = "kms.amazonaws.com";
  EXPECT_FALSE(covers(excluding, of_kms.facts()));
}

TEST(Selectors, BasicOnesWithoutValuesCoverNoData) {
  const Selectors empty = basic({.data_resources = {{kTable, {}}}});
  EXPECT_FALSE(may_cover(empty, Category::kData));
  EXPECT_TRUE(may_cover(basic({.data_resources = {{kTable, {kMusic}}}}), Category::kData));
}

// The example of the User Guide, "How CloudTrail evaluates multiple conditions for a field".
TEST(Selectors, OperatorsThatSelectAreAlternatives) {
  const std::string bucket = "arn:aws:s3:::amzn-s3-demo-bucket/";
  const Selectors selectors =
      advanced(data_of("AWS::S3::Object", {.field = "resources.ARN",
                                           .equals = {bucket + "object1"},
                                           .starts_with = {bucket},
                                           .ends_with = {"object3"},
                                           .not_equals = {bucket + "object6"},
                                           .not_starts_with = {bucket + "deselect"},
                                           .not_ends_with = {"object5"}}));
  const auto covered = [&](const std::string& arn) {
    return covers(selectors, Sample{.resources = {{"AWS::S3::Object", arn}}}.facts());
  };
  EXPECT_TRUE(covered(bucket + "object1"));
  EXPECT_TRUE(covered(bucket + "object2"));
  EXPECT_TRUE(covered("arn:aws:s3:::amzn-s3-demo-bucket1/object3"));
  EXPECT_FALSE(covered(bucket + "deselectObject4"));
  EXPECT_FALSE(covered(bucket + "object5"));
  EXPECT_FALSE(covered(bucket + "object6"));
  EXPECT_FALSE(covered("arn:aws:s3:::another/object2"));
}

TEST(Selectors, TypeAndArnAreOfOneResource) {
  const auto selectors = advanced(data_of(kStream, {.field = "resources.ARN", .equals = {kMusic}}));
  EXPECT_FALSE(
      covers(selectors, Sample{.resources = {{kTable, kMusic}, {kStream, kMusicStream}}}.facts()));
}

TEST(Selectors, AnExcludedTableDoesNotHideTheOthersOfABatch) {
  const auto selectors =
      advanced(data_of(kTable, {.field = "resources.ARN", .not_equals = {kMusic}}));
  EXPECT_FALSE(covers(selectors, Sample{}.facts()));
  EXPECT_TRUE(
      covers(selectors, Sample{.resources = {{kTable, kMusic}, {kTable, kMusicians}}}.facts()));
  EXPECT_FALSE(covers(selectors, Sample{.resources = {}}.facts()));
}

TEST(Selectors, EveryFieldIsLookedAt) {
  const Sample event;
  const FieldSelector holding[] = {
      {.field = "eventName", .starts_with = {"Put"}},
      {.field = "eventSource", .equals = {"dynamodb.amazonaws.com"}},
      {.field = "eventType", .equals = {"AwsApiCall"}},
      {.field = "readOnly", .equals = {"false"}},
      {.field = "resources.ARN", .ends_with = {"/Music"}},
      {.field = "sessionCredentialFromConsole", .not_equals = {"true"}},
      {.field = "userIdentity.arn", .not_starts_with = {"arn:aws:sts"}},
  };
  const FieldSelector failing[] = {
      {.field = "eventName", .not_equals = {"GetItem", "PutItem"}},
      {.field = "eventSource", .ends_with = {"lambda.amazonaws.com"}},
      {.field = "eventType", .not_equals = {"AwsApiCall"}},
      {.field = "readOnly", .equals = {"true"}},
      {.field = "resources.ARN", .starts_with = {kMusicians}},
      {.field = "sessionCredentialFromConsole", .equals = {"true"}},
      {.field = "userIdentity.arn", .not_ends_with = {"user/ann"}},
  };
  for (const FieldSelector& field : holding) {
    EXPECT_TRUE(covers(advanced(data_of(kTable, field)), event.facts())) << field.field;
  }
  for (const FieldSelector& field : failing) {
    EXPECT_FALSE(covers(advanced(data_of(kTable, field)), event.facts())) << field.field;
  }
}

TEST(Selectors, AdvancedOnesAreOfACategory) {
  const auto selectors = advanced({{.field = "eventCategory", .equals = {"Management"}}});
  EXPECT_TRUE(covers(selectors, Sample{Category::kManagement}.facts()));
  EXPECT_FALSE(covers(selectors, Sample{}.facts()));
  EXPECT_TRUE(may_cover(selectors, Category::kManagement));
  EXPECT_FALSE(may_cover(selectors, Category::kData));
}

// --- against the rules, stated without a care for speed ---

class Rules {
 public:
  explicit Rules(const Sample& sample) : sample_(sample) {}

  [[nodiscard]] bool cover(const Selectors& selectors) const {
    bool covered = false;
    for (const BasicSelector& selector : selectors.basic) covered |= cover(selector);
    for (const AdvancedSelector& selector : selectors.advanced) covered |= cover(selector);
    return covered;
  }

 private:
  [[nodiscard]] bool cover(const BasicSelector& selector) const {
    if (selector.read_write_type == ReadWriteType::kReadOnly && !sample_.read_only) return false;
    if (selector.read_write_type == ReadWriteType::kWriteOnly && sample_.read_only) return false;
    if (sample_.category == Category::kManagement) {
      bool excluded = false;
      for (const auto& source : selector.exclude_management_event_sources) {
        excluded |= source == sample_.source;
      }
      return selector.include_management_events && !excluded;
    }
    for (const DataResource& data : selector.data_resources) {
      for (const std::string& value : data.values) {
        for (const Resource& resource : sample_.resources) {
          const bool all = (value == "arn:aws:dynamodb" && resource.type == kTable) ||
                           (value == "arn:aws:lambda" && resource.type == kFunction);
          if (resource.type == data.type && (all || value == resource.arn)) return true;
        }
      }
    }
    return false;
  }

  [[nodiscard]] bool cover(const AdvancedSelector& selector) const {
    // With no resource, what is asked of resources is asked in vain.
    if (sample_.resources.empty()) return holds_without_resource(selector);
    for (const Resource& resource : sample_.resources) {
      bool holds = true;
      for (const FieldSelector& field : selector.fields) holds &= hold(field, &resource);
      if (holds) return true;
    }
    return false;
  }
  [[nodiscard]] bool holds_without_resource(const AdvancedSelector& selector) const {
    for (const FieldSelector& field : selector.fields) {
      if (field.field == "resources.type" || field.field == "resources.ARN") return false;
      if (!hold(field, nullptr)) return false;
    }
    return true;
  }
  [[nodiscard]] bool hold(const FieldSelector& field, const Resource* resource) const {
    const std::map<std::string, std::string> record = {
        {"eventCategory", sample_.category == Category::kData ? "Data" : "Management"},
        {"readOnly", sample_.read_only ? "true" : "false"},
        {"eventName", sample_.name},
        {"eventSource", sample_.source},
        {"userIdentity.arn", sample_.identity},
        {"resources.type", resource == nullptr ? "" : resource->type},
        {"resources.ARN", resource == nullptr ? "" : resource->arn},
    };
    const std::string value = record.at(field.field);
    bool selects = false;
    bool selected = false;
    for (const auto& one : field.equals) selects = true, selected |= one == value;
    for (const auto& one : field.starts_with) selects = true, selected |= value.find(one) == 0;
    for (const auto& one : field.ends_with) {
      selects = true;
      selected |= value.size() >= one.size() && value.substr(value.size() - one.size()) == one;
    }
    bool deselected = false;
    for (const auto& one : field.not_equals) deselected |= one == value;
    for (const auto& one : field.not_starts_with) deselected |= value.find(one) == 0;
    for (const auto& one : field.not_ends_with) {
      deselected |= value.size() >= one.size() && value.substr(value.size() - one.size()) == one;
    }
    return !deselected && (!selects || selected);
  }

  const Sample& sample_;
};

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  Sample sample() {
    Sample sample;
    sample.category = flip() ? Category::kData : Category::kManagement;
    sample.read_only = flip();
    sample.name = pick({"GetItem", "PutItem", "CreateTable", "Invoke"});
    sample.source = pick({"dynamodb.amazonaws.com", "kms.amazonaws.com"});
    sample.identity = pick({"", "arn:aws:iam::000000000000:user/ann"});
    sample.resources.clear();
    for (uint64_t i = random_.below(4); i > 0; --i) {
      sample.resources.push_back({pick(types_), pick(arns_)});
    }
    return sample;
  }
  Selectors selectors() {
    Selectors selectors;
    for (uint64_t i = random_.below(3); i > 0; --i) {
      if (flip()) {
        selectors.basic.push_back(basic_selector());
      } else {
        selectors.advanced.push_back(advanced_selector());
      }
    }
    return selectors;
  }

 private:
  using Values = std::vector<std::string>;

  bool flip() { return random_.below(2) == 1; }
  std::string pick(const Values& values) { return values[random_.below(values.size())]; }
  Values some(const Values& values) {
    Values some;
    while (random_.below(3) == 0) some.push_back(pick(values));
    return some;
  }
  BasicSelector basic_selector() {
    BasicSelector selector;
    selector.read_write_type = static_cast<ReadWriteType>(random_.below(3));
    selector.include_management_events = flip();
    Values values = arns_;
    values.insert(values.end(), {"arn:aws:dynamodb", "arn:aws:lambda"});
    while (flip()) selector.data_resources.push_back({pick({kTable, kFunction}), some(values)});
    selector.exclude_management_event_sources = some({"kms.amazonaws.com"});
    return selector;
  }
  AdvancedSelector advanced_selector() {
    const std::map<std::string, Values> fields = {
        {"eventCategory", {"Data", "Management"}},
        {"readOnly", {"true", "false"}},
        {"eventName", {"GetItem", "PutItem", "Put", "Item", "Create", "Invoke"}},
        {"eventSource", {"dynamodb.amazonaws.com", "kms", "amazonaws.com"}},
        {"userIdentity.arn", {"arn:aws:iam::000000000000:user/ann", "arn:aws:sts", "ann"}},
        {"resources.type", types_},
        {"resources.ARN", {kMusic, kMusicians, "arn:aws:dynamodb", "resize", "Music"}},
    };
    AdvancedSelector selector;
    for (const auto& [name, values] : fields) {
      if (flip()) continue;
      selector.fields.push_back({name, some(values), some(values), some(values), some(values),
                                 some(values), some(values)});
    }
    return selector;
  }

  const Values types_ = {kTable, kStream, kFunction};
  const Values arns_ = {kMusic, kMusicians, kMusicStream, kResize};
  Random random_;
};

TEST(SelectorsProperty, CoverWhatTheRulesSay) {
  size_t covered = 0;
  for (uint64_t seed = 0; seed < 20'000; ++seed) {
    Maker maker(seed);
    const Selectors selectors = maker.selectors();
    const Sample sample = maker.sample();
    const bool expected = Rules(sample).cover(selectors);
    ASSERT_EQ(covers(selectors, sample.facts()), expected) << "seed " << seed;
    if (expected) {
      ASSERT_TRUE(may_cover(selectors, sample.category)) << "seed " << seed;
      ++covered;
    }
  }
  EXPECT_GT(covered, 1000U);  // the samples are of use
}

}  // namespace
}  // namespace millrace::audit
