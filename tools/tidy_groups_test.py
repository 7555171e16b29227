"""tidy_groups.py must keep apart what hides a finding or does not compile together."""

import unittest

import tidy_groups

REST = "namespace millrace {\n\nvoid other() {\n  int local = 1;\n}\n\n}  // namespace millrace\n"


def private(text):
    return f"namespace millrace {{\nnamespace {{\n\n{text}\n\n}}  // namespace\n}}  // namespace millrace\n"


class TidyGroupsTest(unittest.TestCase):
    def together(self, one, other):
        return len(tidy_groups.group({"a": one, "b": other})) == 1

    def test_files_without_a_name_in_common_go_together(self):
        self.assertTrue(self.together(private("int f(int x) {\n  int local = 0;\n}"), REST))

    def test_each_kind_of_declaration_keeps_apart(self):
        for declaration in (
                "int mine(int x) {", "int mine(", "constexpr int mine = 4;", "std::string mine;",
                "const std::map<std::string, int> mine = {", "std::array<int, 3> mine{1, 2, 3};",
                "struct mine {", "class mine final : public Base {", "enum class mine { kA };",
                "using mine = int;", "namespace mine = boost::beast;", "static int mine() {",
                "template <typename T> struct mine {", "std::vector<int>\nmine(int x) {",
                "char mine[4];", "concept mine = true;", "#define mine(x) x"):
            with self.subTest(declaration):
                one = private(declaration)
                self.assertIn("mine", tidy_groups.names_of(one).declared)
                self.assertFalse(self.together(one, one))

    def test_parameters_members_and_locals_do_not_keep_apart(self):
        one = private("int one(int mine) {\n  int mine = 0;\n}\nvoid Type::mine() {")
        self.assertTrue(self.together(one, one.replace("one", "other")))

    def test_an_imported_name_is_not_mentioned_elsewhere_in_the_group(self):
        importing = "using std::chrono::seconds;\n"
        self.assertFalse(self.together(importing, private("int f(std::chrono::seconds s) {")))
        self.assertFalse(self.together(private("int f(std::chrono::seconds s) {"), importing))
        self.assertFalse(self.together(importing, importing))
        self.assertFalse(self.together(private("void f() {\n  using std::swap;\n}"), "swap(a, b);"))
        self.assertTrue(self.together(importing, REST))

    def test_groups_are_bounded_and_hold_each_file_once(self):
        groups = tidy_groups.group({number: "" for number in range(20)}, files_max=8)
        self.assertEqual([len(group) for group in groups], [8, 8, 4])
        self.assertEqual([key for group in groups for key in group], list(range(20)))

    def test_what_was_included_before_is_not_included_again(self):
        self.assertEqual(tidy_groups.join(["#include <a>\nx\n", "#include <a>\n#include <b>\ny\n"]),
                         "#include <a>\nx\n\n#include <b>\ny\n")

    def test_a_file_that_includes_twice_is_left_as_it_is(self):
        twice = "#include <a>\n#include <a>\n"
        self.assertEqual(tidy_groups.join(["#include <a>\n", twice]), "#include <a>\n" + twice)


if __name__ == "__main__":
    unittest.main()
