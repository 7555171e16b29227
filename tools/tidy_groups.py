"""Source files joined to one text, which clang-tidy looks at in little more than a file's time:
nearly all of it goes into the headers, which the files of a directory share.

The texts are joined, not included, since some findings are made in the main file only
(misc-unused-alias-decls, clang's unused variables at namespace scope). A finding could still hide
behind another file of its group, so files are kept apart where
- both declare a name at namespace scope, which would not compile or choose another overload;
- one says `using a::name;` and the other mentions that name, which is a use of it to
  misc-unused-using-decls.
It is a scan of clang-formatted text, where what is at namespace scope begins a line; what it does
not see ends in a group that does not compile, and costs time only.
"""

import dataclasses
import re

FILES_MAX = 16
WORD = re.compile(r"[A-Za-z_]\w*")
TYPE = re.compile(r"(?:typedef |template <.*> )?(?:struct|class|enum|union|concept|namespace) "
                  r"(?:class )?(\w+)(?!::)")
VALUE = re.compile(r"(?<![\w:.])(?!const|noexcept|decltype|alignas|requires|operator)"
                   r"([A-Za-z_]\w*)(?=\s*[(=;{\[])")
MACRO = re.compile(r"#\s*define (\w+)")
USING = re.compile(r"\busing (?:\w+::)+(\w+);")
INCLUDE = re.compile(r"#\s*include .*")


@dataclasses.dataclass
class Names:
    declared: set
    imported: set  # by `using a::name;`
    mentioned: set


def names_of(text):
    declared = set()
    for line in text.splitlines():
        if macro := MACRO.match(line):
            declared.add(macro[1])
        elif WORD.match(line) and not re.match(r"namespace [^=]*$|using [^=]*$", line):
            declared.update(match[1] for match in (TYPE.match(line), VALUE.search(line)) if match)
    return Names(declared, set(USING.findall(text)), set(WORD.findall(text)))


def fit_together(one, other):
    return not (one.declared & other.declared or one.imported & other.mentioned
                or other.imported & one.mentioned)


def group(texts, files_max=FILES_MAX):
    """The keys of `texts` in lists: each goes into the first that it fits."""
    groups = []
    for key, text in texts.items():
        names = names_of(text)
        for members in groups:
            if len(members) < files_max and all(fit_together(names, n) for n in members.values()):
                members[key] = names
                break
        else:
            groups.append({key: names})
    return [list(members) for members in groups]


def join(texts):
    """One text of them all. What an earlier file includes is not included again, except where a
    file itself includes it twice, which is a finding."""
    seen, lines = set(), []
    for text in texts:
        own = INCLUDE.findall(text)
        dropped = {include for include in own if include in seen and own.count(include) == 1}
        lines += ["" if line in dropped else line for line in text.splitlines()]
        seen.update(own)
    return "\n".join(lines) + "\n"
