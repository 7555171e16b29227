"""check_fuzz_seeds.py must find an operation or a target without a seed."""

import pathlib
import tempfile
import unittest

import check_fuzz_seeds

SERVICE = '''constexpr auto kRows = std::to_array<OperationRow>({
    {"GetItem", "GetItemInput", answer_at_once<ops::get_item>},
    {"DescribeAllOfWhatThereIs", "DescribeAllOfWhatThereIsInput",
     answer_at_once<ops::describe_all_of_what_there_is>},
});
constexpr auto kServices = std::to_array<JsonService>({
    {"DynamoDB", "dynamodb", kRows},
});
'''


class CheckFuzzSeedsTest(unittest.TestCase):
    def problems(self, service=SERVICE, **files):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            everything = {
                "src/wire/service.cc": service,
                "fuzz/request.cc": "",
                "fuzz/corpus/request/GetItem.txt": "GetItem\n{}\n",
                "fuzz/corpus/request/DescribeAllOfWhatThereIs.txt":
                    "GetItem\n{}\n\nDescribeAllOfWhatThereIs\n{}\n",
                **files}
            for path, text in everything.items():
                if text is not None:
                    (root / path).parent.mkdir(parents=True, exist_ok=True)
                    (root / path).write_text(text)
            return check_fuzz_seeds.check(root)

    def test_a_seed_each_passes(self):
        self.assertEqual(self.problems(), [])

    def test_operation_without_seed_fails(self):
        self.assertEqual(self.problems(**{"fuzz/corpus/request/GetItem.txt": None}),
                         ["GetItem: has no seed fuzz/corpus/request/GetItem.txt"])

    def test_seed_that_does_not_name_its_operation_fails(self):
        self.assertEqual(self.problems(**{"fuzz/corpus/request/GetItem.txt": "PutItem\n{}\n"}),
                         ["fuzz/corpus/request/GetItem.txt: no line names GetItem"])

    def test_target_without_seed_fails(self):
        self.assertEqual(self.problems(**{"fuzz/number.cc": ""}),
                         ["fuzz/number.cc: has no seed in fuzz/corpus/number"])

    def test_service_that_is_not_understood_fails(self):
        self.assertEqual(len(self.problems(service="")), 1)


if __name__ == "__main__":
    unittest.main()
