// One form for what a template says of a table and what the server does, so that they compare:
//   KeySchema        [{AttributeName, KeyType}], the hash key first
//   AttributeTypes   {NAME: S|N|B}, of key attributes
//   BillingMode, ProvisionedThroughput {ReadCapacityUnits, WriteCapacityUnits} when PROVISIONED
//   GlobalSecondaryIndexes, LocalSecondaryIndexes
//                    {NAME: {KeySchema, Projection, ProvisionedThroughput}}
//   StreamViewType   a text, or absent without a stream
//   ResourcePolicy, StreamResourcePolicy
//                    canonical documents, or absent
//   TableClass, DeletionProtectionEnabled, TimeToLive (its attribute, or absent), Tags {KEY: VALUE}
#pragma once

#include "cli/resources/node.h"

namespace millrace::cli::resources {

// Checks the properties of AWS::DynamoDB::Table.
[[nodiscard]] Result<Node> table_of_properties(const Node& properties, const std::string& path);
// Of what DescribeTable and DescribeTimeToLive answer; the tags are a map. Without policies.
[[nodiscard]] Node table_of_description(const Node& table, const Node& time_to_live, Node tags);

// As CreateTable takes them.
[[nodiscard]] Node attribute_definitions_of(const Node& table);
// {IndexName, KeySchema, Projection, ProvisionedThroughput}
[[nodiscard]] Node index_of(const NodeMember& index);

}  // namespace millrace::cli::resources
