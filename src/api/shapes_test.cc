#include "api/shapes.h"

#include "api/shape_tables.h"
#include "api/validate.h"

namespace millrace::api {
namespace {

TEST(FindShape, FindsByServiceAndName) {
  const Shape* shape = find_shape("dynamodb", "PutItemInput");
  ASSERT_NE(shape, nullptr);
  EXPECT_EQ(shape->name, "PutItemInput");
  EXPECT_EQ(shape->type, ShapeType::kStructure);
  EXPECT_NE(find_shape("dynamodbstreams", "GetRecordsInput"), nullptr);
  EXPECT_EQ(find_shape("dynamodb", "GetRecordsInput"), nullptr);
  EXPECT_EQ(find_shape("dynamodb", "Zzz"), nullptr);
  EXPECT_EQ(find_shape("lambda", "PutItemInput"), nullptr);
}

TEST(Shapes, OfAttributeValuesHaveNoConstraint) {
  // Items are walked only for their types.
  EXPECT_FALSE(find_shape("dynamodb", "AttributeValue")->constrained);
  EXPECT_FALSE(find_shape("dynamodb", "PutItemInputAttributeMap")->constrained);
  EXPECT_TRUE(find_shape("dynamodb", "ExpectedAttributeMap")->constrained);
}

TEST(Pattern, CountsCharactersOfItsClass) {
  const Pattern& name = *find_shape("dynamodb", "TableName")->pattern;
  EXPECT_TRUE(name.matches("aZ09_.-"));
  for (const std::string_view text : {"", "a b", "a;", "ä", "a/"})
    EXPECT_FALSE(name.matches(text)) << text;
  const Pattern& owner = *find_shape("dynamodb", "S3BucketOwner")->pattern;
  EXPECT_TRUE(owner.matches("123456789012"));
  EXPECT_FALSE(owner.matches("12345678901"));
  EXPECT_FALSE(owner.matches("1234567890123"));
  const Pattern& token = *find_shape("dynamodb", "ClientToken")->pattern;
  EXPECT_TRUE(token.matches("ä€ x"));
  EXPECT_FALSE(token.matches("a$"));
}

TEST(Pattern, ExpressionsMatchTheWholeValue) {
  const Pattern& alias = *find_shape("lambda", "Alias")->pattern;
  EXPECT_EQ(alias.text, "(?!^[0-9]+$)([a-zA-Z0-9-_]+)");
  for (const std::string_view text : {"live", "1a", "a1", "-", "2_"})
    EXPECT_TRUE(alias.matches(text)) << text;
  for (const std::string_view text : {"", "12", "a b", "a:b"})
    EXPECT_FALSE(alias.matches(text)) << text;
  const Pattern& name = *find_shape("lambda", "NamespacedFunctionName")->pattern;
  EXPECT_TRUE(name.matches("arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST"));
  EXPECT_TRUE(name.matches("000000000000:function:f"));
  EXPECT_FALSE(name.matches("f/g"));
}

TEST(Pattern, EveryExpressionOfTheModelsCompiles) {
  for (const ServiceShapes& service : service_shapes()) {
    for (const Shape& shape : service.shapes) {
      if (shape.pattern != nullptr) static_cast<void>(shape.pattern->matches("text"));
    }
  }
}

TEST(RestBinding, SaysWhereMembersAre) {
  const RestBinding* invoke = find_rest_binding("lambda", "Invoke");
  ASSERT_NE(invoke, nullptr);
  EXPECT_EQ(invoke->method, "POST");
  EXPECT_EQ(invoke->uri, "/2015-03-31/functions/{FunctionName}/invocations");
  EXPECT_EQ(invoke->status, 200);
  EXPECT_EQ(invoke->payload, "Payload");
  ASSERT_EQ(invoke->path.size(), 1u);
  EXPECT_EQ(invoke->path[0].member, "FunctionName");
  EXPECT_EQ(invoke->path[0].shape->name, "NamespacedFunctionName");
  EXPECT_EQ(find_rest_binding("lambda", "PutItem"), nullptr);
  EXPECT_EQ(find_rest_binding("dynamodb", "PutItem"), nullptr);
}

}  // namespace
}  // namespace millrace::api
