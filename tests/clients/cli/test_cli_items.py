"""The AWS CLI's item commands."""

import pytest

KEY = {"id": {"S": "a"}}
# The CLI takes and shows binary as base64.
ITEM = {**KEY, "n": {"N": "12345678901234567890123456789012345678"}, "b": {"B": "AAH/"},
        "yes": {"BOOL": True}, "null": {"NULL": True}, "ss": {"SS": ["x"]}, "ns": {"NS": ["1.5"]},
        "bs": {"BS": ["AAE="]}, "m": {"M": {"l": {"L": [{"S": "ü"}, {"M": {}}]}}}}


def test_item_of_every_type(dynamodb, cli_table):
    dynamodb("put-item", "--table-name", cli_table, "--item", ITEM)
    got = dynamodb("get-item", "--table-name", cli_table, "--key", KEY, "--consistent-read")
    assert got["Item"] == ITEM
    part = dynamodb("get-item", "--table-name", cli_table, "--key", KEY,
                    "--projection-expression", "m.l[0], #n", "--expression-attribute-names",
                    {"#n": "n"})
    assert part["Item"] == {"n": ITEM["n"], "m": {"M": {"l": {"L": [{"S": "ü"}]}}}}
    old = dynamodb("delete-item", "--table-name", cli_table, "--key", KEY, "--return-values",
                   "ALL_OLD")
    assert old["Attributes"] == ITEM
    assert dynamodb("get-item", "--table-name", cli_table, "--key", KEY) == {}


def test_update_and_conditions(dynamodb, cli_table):
    updated = dynamodb(
        "update-item", "--table-name", cli_table, "--key", KEY, "--update-expression",
        "SET v = if_not_exists(v, :zero) + :one, l = list_append(if_not_exists(l, :none), :l) "
        "ADD tags :tags", "--expression-attribute-values",
        {":zero": {"N": "0"}, ":one": {"N": "1"}, ":none": {"L": []}, ":l": {"L": [{"S": "x"}]},
         ":tags": {"SS": ["t"]}}, "--return-values", "ALL_NEW")["Attributes"]
    assert updated == {**KEY, "v": {"N": "1"}, "l": {"L": [{"S": "x"}]}, "tags": {"SS": ["t"]}}
    update = ["update-item", "--table-name", cli_table, "--key", KEY, "--update-expression",
              "REMOVE l", "--condition-expression", "v = :v", "--return-values", "UPDATED_OLD",
              "--expression-attribute-values"]
    with pytest.raises(AssertionError, match="ConditionalCheckFailedException.*The conditional "
                                             "request failed"):
        dynamodb(*update, {":v": {"N": "7"}})
    assert dynamodb(*update, {":v": {"N": "1"}})["Attributes"] == {"l": {"L": [{"S": "x"}]}}


@pytest.mark.parametrize("item, message", [
    ({"v": {"S": "a"}}, "Missing the key id in the item"),
    ({"id": {"S": "a"}, "n": {"N": "ten"}}, "cannot be converted to a numeric value: ten"),
])
def test_errors_reach_the_person(dynamodb, cli_table, item, message):
    with pytest.raises(AssertionError, match=f"ValidationException.*{message}"):
        dynamodb("put-item", "--table-name", cli_table, "--item", item)
