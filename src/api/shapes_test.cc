#include "api/shapes.h"

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

}  // namespace
}  // namespace millrace::api
