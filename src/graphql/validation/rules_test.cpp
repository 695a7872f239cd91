// Each rule with documents that keep it and that break it. What is expected of those is what graphql-js 16 says of
// them, to the place and the word.
#include <graphql/test_schema.hpp>
#include <graphql/validation/validate.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {
namespace {

struct Row {
  std::string_view rule;
  std::string_view document;
  std::vector<std::string> errors;  // line:column of each place, then the message
};

std::vector<std::string> errors_of(std::string_view text, const ValidationOptions& options = {}) {
  const std::unique_ptr<const Document> document = test::document_of(text);
  std::vector<std::string> errors;
  for (const ValidationError& error : validate(test::card_types(), *document, options)) {
    std::string line;
    for (const Location& place : error.locations)
      line += std::to_string(place.line) + ":" + std::to_string(place.column) + " ";
    errors.push_back(line + error.message);
  }
  std::ranges::sort(errors);
  return errors;
}

const std::vector<Row>& rows() {
  static const std::vector<Row> all = {
      // ExecutableDefinitions
      {"ExecutableDefinitions",
       "{ title } type Cat { name: String } extend type Query { other: Int }",
       {R"(1:11 The "Cat" definition is not executable.)"}},
      {"ExecutableDefinitions", "{ title }\nextend schema @traced", {"2:1 The schema definition is not executable."}},
      // UniqueOperationNames
      {"UniqueOperationNames",
       R"(query A { title } query B { title } mutation C { rename(id: 1, title: "x") { id } })",
       {}},
      {"UniqueOperationNames",
       R"(query A { title } query A { title } mutation A { rename(id: 1, title: "x") { id } })",
       {R"(1:7 1:25 There can be only one operation named "A".)",
        R"(1:7 1:46 There can be only one operation named "A".)"}},
      // LoneAnonymousOperation
      {"LoneAnonymousOperation", "{ title }", {}},
      {"LoneAnonymousOperation",
       "{ title } { title } query A { title }",
       {"1:1 This anonymous operation must be the only defined operation.",
        "1:11 This anonymous operation must be the only defined operation."}},
      // SingleFieldSubscriptions
      {"SingleFieldSubscriptions", "subscription { renamed { id } ... on Subscription { renamed { id } } }", {}},
      {"SingleFieldSubscriptions",
       "subscription S { renamed { id } ...More } fragment More on Subscription { added { __typename } other: renamed "
       "{ id } }",
       {R"(1:75 1:96 Subscription "S" must select only one top level field.)"}},
      {"SingleFieldSubscriptions",
       "subscription { __typename }",
       {"1:16 Anonymous Subscription must not select an introspection top level field."}},
      // KnownTypeNames
      {"KnownTypeNames",
       R"(query ($a: Int, $b: [Kind!]) { values(int: $a) search(text: "x", kinds: $b) { __typename } })",
       {}},
      {"KnownTypeNames",
       "query ($a: Colour) { values(color: $a) }",
       {R"(1:12 Unknown type "Colour". Did you mean "Color"?)"}},
      {"KnownTypeNames",
       "{ owner { ... on Persona { id } ...F } } fragment F on Nowhere { id }",
       {R"(1:18 Unknown type "Persona". Did you mean "Person"?)",
        R"(1:56 Unknown type "Nowhere". Did you mean "Owner"?)"}},
      // FragmentsOnCompositeTypes
      {"FragmentsOnCompositeTypes", "{ owner { ... on Person { id } ... on Node { id } ... { id } } }", {}},
      {"FragmentsOnCompositeTypes",
       "{ ... on Color { id } ...F } fragment F on CardFilter { title }",
       {R"(1:10 Fragment cannot condition on non composite type "Color".)",
        R"(1:44 Fragment "F" cannot condition on non composite type "CardFilter".)"}},
      // VariablesAreInputTypes
      {"VariablesAreInputTypes", "query ($a: CardFilter, $b: Any!) { cards(where: $a) { id } values(any: $b) }", {}},
      {"VariablesAreInputTypes",
       "query ($a: Card, $b: [Owner!]!) { values(any: $a) other: values(any: $b) }",
       {R"(1:12 Variable "$a" cannot be non-input type "Card".)",
        R"(1:18 1:70 Variable "$b" of type "[Owner!]!" used in position expecting type "Any".)",
        R"(1:22 Variable "$b" cannot be non-input type "[Owner!]!".)",
        R"(1:8 1:47 Variable "$a" of type "Card" used in position expecting type "Any".)"}},
      // ScalarLeafs
      {"ScalarLeafs", "{ title cards { id } }", {}},
      {"ScalarLeafs",
       "{ title { length } cards node(id: 1) }",
       {R"(1:20 Field "cards" of type "[Card!]!" must have a selection of subfields. Did you mean "cards { ... }"?)",
        R"(1:26 Field "node" of type "Node" must have a selection of subfields. Did you mean "node { ... }"?)",
        R"(1:9 Field "title" must not have a selection since type "String" has no subfields.)"}},
      // FieldsOnCorrectType
      {"FieldsOnCorrectType",
       R"({ __typename owner { __typename id title } __schema { queryType { name } } __type(name: "Card") { name } search(text: "") { __typename } })",
       {}},
      {"FieldsOnCorrectType",
       "{ titel }",
       {R"(1:3 Cannot query field "titel" on type "Query". Did you mean "title" or "titled"?)"}},
      {"FieldsOnCorrectType",
       "{ owner { staff { id } } }",
       {R"(1:11 Cannot query field "staff" on type "Owner". Did you mean to use an inline fragment on "Company"?)"}},
      {"FieldsOnCorrectType",
       R"({ search(text: "") { id } })",
       {R"(1:22 Cannot query field "id" on type "Found". Did you mean to use an inline fragment on "Node", "Owner", "Card", "Company", or "Person"?)"}},
      {"FieldsOnCorrectType",
       "{ node(id: 1) { name } }",
       {R"(1:17 Cannot query field "name" on type "Node". Did you mean to use an inline fragment on "Company" or "Person"?)"}},
      {"FieldsOnCorrectType",
       "{ card(id: 1) { __schema { queryType { name } } } }",
       {R"(1:17 Cannot query field "__schema" on type "Card".)"}},
      {"FieldsOnCorrectType",
       "{ nothing { deeper } owner { nothing } }",
       {R"(1:3 Cannot query field "nothing" on type "Query".)",
        R"(1:30 Cannot query field "nothing" on type "Owner".)"}},
      // UniqueFragmentNames
      {"UniqueFragmentNames", "{ ...A ...B } fragment A on Query { title } fragment B on Query { title }", {}},
      {"UniqueFragmentNames",
       "{ ...A } fragment A on Query { title } fragment A on Query { title }",
       {R"(1:19 1:49 There can be only one fragment named "A".)"}},
      // KnownFragmentNames
      {"KnownFragmentNames",
       "{ ...Missing owner { ... on Node { ...Missing } } }",
       {R"(1:39 Unknown fragment "Missing".)", R"(1:6 Unknown fragment "Missing".)"}},
      // NoUnusedFragments
      {"NoUnusedFragments", "{ ...A } fragment A on Query { ...B } fragment B on Query { title }", {}},
      {"NoUnusedFragments",
       "{ title } fragment A on Query { ...B } fragment B on Query { title }",
       {R"(1:11 Fragment "A" is never used.)", R"(1:40 Fragment "B" is never used.)"}},
      // PossibleFragmentSpreads
      {"PossibleFragmentSpreads",
       R"({ owner { ... on Person { id } ... on Titled { title } } search(text: "") { ... on Card { id } ... on Owner { id } } titled { ... on Query { title } } })",
       {}},
      {"PossibleFragmentSpreads",
       "{ card(id: 1) { ... on Person { id } ...C } } fragment C on Company { id }",
       {R"(1:17 Fragment cannot be spread here as objects of type "Card" can never be of type "Person".)",
        R"(1:38 Fragment "C" cannot be spread here as objects of type "Card" can never be of type "Company".)"}},
      {"PossibleFragmentSpreads",
       R"({ search(text: "") { ... on Query { title } } titled { ... on Card { id } } })",
       {R"(1:22 Fragment cannot be spread here as objects of type "Found" can never be of type "Query".)",
        R"(1:56 Fragment cannot be spread here as objects of type "Titled" can never be of type "Card".)"}},
      // NoFragmentCycles
      {"NoFragmentCycles",
       "{ ...A } fragment A on Query { ...B ...C } fragment B on Query { ...C } fragment C on Query { title }",
       {}},
      {"NoFragmentCycles",
       "{ ...A } fragment A on Query { ...A }",
       {R"(1:32 Cannot spread fragment "A" within itself.)"}},
      {"NoFragmentCycles",
       "{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A ...B }",
       {R"(1:32 1:61 1:90 Cannot spread fragment "A" within itself via "B", "C".)",
        R"(1:61 1:95 Cannot spread fragment "B" within itself via "C".)"}},
      {"NoFragmentCycles",
       "{ card(id: 1) { ...A } } fragment A on Card { next { ...A } }",
       {R"(1:54 Cannot spread fragment "A" within itself.)"}},
      // UniqueVariableNames
      {"UniqueVariableNames", "query ($a: Int, $b: Int) { values(int: $a) other: values(int: $b) }", {}},
      {"UniqueVariableNames",
       "query ($a: Int, $b: Int, $a: Int, $a: String) { values(int: $a) other: values(int: $b) }",
       {R"(1:35 1:61 Variable "$a" of type "String" used in position expecting type "Int".)",
        R"(1:9 1:27 1:36 There can be only one variable named "$a".)"}},
      // NoUndefinedVariables
      {"NoUndefinedVariables", "query A($a: Int) { ...F } fragment F on Query { values(int: $a) }", {}},
      {"NoUndefinedVariables", "{ values(int: $a) }", {R"(1:15 1:1 Variable "$a" is not defined.)"}},
      {"NoUndefinedVariables",
       "query A($a: Int) { ...F } query B { ...F } fragment F on Query { values(int: $a, any: { deep: [$b] }) }",
       {R"(1:78 1:27 Variable "$a" is not defined by operation "B".)",
        R"(1:96 1:1 Variable "$b" is not defined by operation "A".)",
        R"(1:96 1:27 Variable "$b" is not defined by operation "B".)"}},
      // NoUnusedVariables
      {"NoUnusedVariables",
       "query A($a: Int, $b: String) { title }",
       {R"(1:18 Variable "$b" is never used in operation "A".)",
        R"(1:9 Variable "$a" is never used in operation "A".)"}},
      {"NoUnusedVariables", "query ($a: Int) { title }", {R"(1:8 Variable "$a" is never used.)"}},
      // KnownDirectives
      {"KnownDirectives",
       R"(query A($a: Int @label(text: "a")) @traced { title @skip(if: true) values(int: $a) @label(text: "b") })",
       {}},
      {"KnownDirectives",
       "{ title @unknown ... @unknown { title } }",
       {R"(1:22 Unknown directive "@unknown".)", R"(1:9 Unknown directive "@unknown".)"}},
      {"KnownDirectives",
       "subscription @traced { renamed @traced { id } }",
       {R"(1:14 Directive "@traced" may not be used on SUBSCRIPTION.)",
        R"(1:32 Directive "@traced" may not be used on FIELD.)"}},
      // UniqueDirectivesPerLocation
      {"UniqueDirectivesPerLocation", R"({ title @label(text: "a") @label(text: "b") })", {}},
      {"UniqueDirectivesPerLocation",
       "{ title @skip(if: true) @skip(if: false) @include(if: true) @skip(if: true) }",
       {R"(1:9 1:25 The directive "@skip" can only be used once at this location.)",
        R"(1:9 1:61 The directive "@skip" can only be used once at this location.)"}},
      // KnownArgumentNames
      {"KnownArgumentNames",
       "{ card(id: 1, idd: 2) { id } title @skip(if: true, unless: false) }",
       {R"(1:15 Unknown argument "idd" on field "Query.card". Did you mean "id"?)",
        R"(1:52 Unknown argument "unless" on directive "@skip".)"}},
      // UniqueArgumentNames
      {"UniqueArgumentNames",
       "{ card(id: 1, id: 2, id: 3) { id } title @skip(if: true, if: false) }",
       {R"(1:48 1:58 There can be only one argument named "if".)",
        R"(1:8 1:15 1:22 There can be only one argument named "id".)"}},
      // ProvidedRequiredArguments
      {"ProvidedRequiredArguments", "{ values cards { id } }", {}},
      {"ProvidedRequiredArguments",
       "{ card { id } title @include search(kinds: CARD) { __typename } }",
       {R"(1:21 Directive "@include" argument "if" of type "Boolean!" is required, but it was not provided.)",
        R"(1:3 Field "card" argument "id" of type "ID!" is required, but it was not provided.)",
        R"(1:30 Field "search" argument "text" of type "String!" is required, but it was not provided.)"}},
      // ValuesOfCorrectType
      {"ValuesOfCorrectType",
       R"({ values(int: 2147483647, float: 1, text: "x", flags: true, id: 5, color: RED, any: { a: [1, null, { b: C }] }) })",
       {}},
      {"ValuesOfCorrectType",
       R"({ values(int: 2147483648) a: values(int: 1.0) b: values(int: "1") c: values(int: RED) })",
       {"1:15 Int cannot represent non 32-bit signed integer value: 2147483648",
        "1:42 Int cannot represent non-integer value: 1.0", "1:82 Int cannot represent non-integer value: RED",
        R"(1:62 Int cannot represent non-integer value: "1")"}},
      {"ValuesOfCorrectType",
       R"({ values(float: "1") a: values(text: 1) b: values(flags: [1, null]) c: values(flags: null) d: values(id: 1.5) })",
       {"1:106 ID cannot represent a non-string and non-integer value: 1.5",
        "1:38 String cannot represent a non string value: 1", "1:59 Boolean cannot represent a non boolean value: 1",
        R"(1:17 Float cannot represent non numeric value: "1")",
        R"(1:62 Expected value of type "Boolean!", found null.)",
        R"(1:86 Expected value of type "[Boolean!]!", found null.)"}},
      {"ValuesOfCorrectType",
       R"({ values(color: "RED") a: values(color: BLU) b: values(color: [RED]) })",
       {R"(1:17 Enum "Color" cannot represent non-enum value: "RED". Did you mean the enum value "RED"?)",
        R"(1:41 Value "BLU" does not exist in "Color" enum. Did you mean the enum value "BLUE"?)",
        R"(1:63 Enum "Color" cannot represent non-enum value: [RED]. Did you mean the enum value "RED"?)"}},
      {"ValuesOfCorrectType",
       "{ cards(where: { title: 1, colour: RED, and: [{ limit: null }], need: { count: 1 } }) { id } }",
       {"1:25 String cannot represent a non string value: 1",
        R"(1:28 Field "colour" is not defined by type "CardFilter". Did you mean "color"?)",
        R"(1:56 Expected value of type "Int!", found null.)",
        R"(1:71 Field "Need.id" of required type "ID!" was not provided.)"}},
      {"ValuesOfCorrectType",
       R"({ cards(where: 5, order: [{ by: "a" }, "b"]) { id } })",
       {R"(1:16 Expected value of type "CardFilter", found 5.)",
        R"(1:40 Expected value of type "Order!", found "b".)"}},
      {"ValuesOfCorrectType",
       R"(query ($a: CardFilter = { title: 5 }, $b: Int = "x") { cards(where: $a) { id } values(int: $b) })",
       {"1:34 String cannot represent a non string value: 5", R"(1:49 Int cannot represent non-integer value: "x")"}},
      {"ValuesOfCorrectType", "{ lookup(by: { id: 1 }) { id } }", {}},
      {"ValuesOfCorrectType",
       R"({ lookup(by: {}) { id } a: lookup(by: { id: 1, title: "x" }) { id } b: lookup(by: { id: null }) { id } })",
       {R"(1:14 OneOf Input Object "Lookup" must specify exactly one key.)",
        R"(1:39 OneOf Input Object "Lookup" must specify exactly one key.)",
        R"(1:83 Field "Lookup.id" must be non-null.)"}},
      // UniqueInputFieldNames
      {"UniqueInputFieldNames",
       R"({ cards(where: { title: "a", title: "b", need: { id: 1, id: 2 } }) { id } values(any: { a: 1, a: 2 }) })",
       {R"(1:18 1:30 There can be only one input field named "title".)",
        R"(1:50 1:57 There can be only one input field named "id".)",
        R"(1:89 1:95 There can be only one input field named "a".)"}},
      // VariablesInAllowedPosition
      {"VariablesInAllowedPosition",
       "query ($a: Int!, $b: [Boolean!]!, $c: Boolean!, $d: [Order!]!) { values(int: $a, flags: $b) other: "
       "values(flags: [$c]) cards(order: $d) { id } }",
       {}},
      {"VariablesInAllowedPosition",
       R"(query ($id: ID, $text: String = "x") { card(id: $id) { id } search(text: $text) { __typename } })",
       {R"(1:8 1:49 Variable "$id" of type "ID" used in position expecting type "ID!".)"}},
      {"VariablesInAllowedPosition",
       "query ($a: String, $b: [Boolean], $c: Boolean) { values(int: $a, flags: $b) other: values(flags: [$c]) }",
       {R"(1:20 1:73 Variable "$b" of type "[Boolean]" used in position expecting type "[Boolean!]!".)",
        R"(1:35 1:99 Variable "$c" of type "Boolean" used in position expecting type "Boolean!".)",
        R"(1:8 1:62 Variable "$a" of type "String" used in position expecting type "Int".)"}},
      {"VariablesInAllowedPosition",
       "query ($flags: [Boolean!], $limit: Int) { values(flags: $flags) cards(where: { limit: $limit }) { id } }",
       {}},
      {"VariablesInAllowedPosition",
       "query ($id: ID) { lookup(by: { id: $id }) { id } }",
       {R"(1:8 1:36 Variable "$id" is of type "ID" but must be non-nullable to be used for OneOf Input Object "Lookup".)"}},
      // MaxIntrospectionDepth
      {"MaxIntrospectionDepth", "{ __schema { types { fields { type { fields { name } } } } } }", {}},
      {"MaxIntrospectionDepth",
       "{ __schema { types { fields { type { fields { type { interfaces { name } } } } } } } title }",
       {"1:3 Maximum introspection depth exceeded"}},
      {"MaxIntrospectionDepth",
       R"({ ...F } fragment F on Query { __type(name: "Card") { fields { type { ...T } } } } fragment T on __Type { possibleTypes { inputFields { name } } })",
       {"1:32 Maximum introspection depth exceeded"}},
      // OverlappingFieldsCanBeMerged
      {"OverlappingFieldsCanBeMerged", "{ title title cards(first: 1) { id } cards(first: 1) { id color } }", {}},
      {"OverlappingFieldsCanBeMerged",
       "{ owner { ... on Person { value: name } ... on Company { value: title } } }",
       {}},
      {"OverlappingFieldsCanBeMerged",
       R"({ cards(where: { title: "a", limit: 1 }) { id } cards(where: { limit: 1, title: "a" }) { id } })",
       {}},
      {"OverlappingFieldsCanBeMerged",
       "{ x: title x: values }",
       {R"(1:3 1:12 Fields "x" conflict because "title" and "values" are different fields. Use different aliases on the fields to fetch both if this was intentional.)"}},
      {"OverlappingFieldsCanBeMerged",
       "{ cards(first: 1) { id } cards(first: 2) { id } cards { id } }",
       {R"(1:26 1:49 Fields "cards" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional.)",
        R"(1:3 1:26 Fields "cards" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional.)",
        R"(1:3 1:49 Fields "cards" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional.)"}},
      {"OverlappingFieldsCanBeMerged",
       "{ owner { ... on Person { size } ... on Company { size } } }",
       {R"(1:27 1:51 Fields "size" conflict because they return conflicting types "Int" and "String!". Use different aliases on the fields to fetch both if this was intentional.)"}},
      {"OverlappingFieldsCanBeMerged",
       "{ a: card(id: 1) { next { b: id c: views } } a: card(id: 1) { next { b: color c: tags } } }",
       {R"(1:3 1:20 1:27 1:33 1:46 1:63 1:70 1:79 Fields "a" conflict because subfields "next" conflict because subfields "b" conflict because "id" and "color" are different fields and subfields "c" conflict because "views" and "tags" are different fields. Use different aliases on the fields to fetch both if this was intentional.)"}},
      {"OverlappingFieldsCanBeMerged",
       "{ ...A ...B } fragment A on Query { x: owner { y: id } } fragment B on Query { x: owner { y: title ...C } } "
       "fragment C on Owner { y: card { id } }",
       {R"(1:37 1:48 1:48 1:80 1:91 1:131 Fields "x" conflict because subfields "y" conflict because "id" and "title" are different fields and subfields "y" conflict because "id" and "card" are different fields. Use different aliases on the fields to fetch both if this was intentional.)",
        R"(1:91 1:131 Fields "y" conflict because "title" and "card" are different fields. Use different aliases on the fields to fetch both if this was intentional.)"}},
      {"OverlappingFieldsCanBeMerged",
       "{ owner { ... on Person { x: card { y: id } } ... on Company { x: card { y: views } } } }",
       {R"(1:27 1:37 1:64 1:74 Fields "x" conflict because subfields "y" conflict because they return conflicting types "ID!" and "Int". Use different aliases on the fields to fetch both if this was intentional.)"}},
      {"OverlappingFieldsCanBeMerged",
       "{ owner { ... on Person { x: friends { id } } ... on Company { x: card { id } } } }",
       {R"(1:27 1:64 Fields "x" conflict because they return conflicting types "[Person!]" and "Card". Use different aliases on the fields to fetch both if this was intentional.)"}},
  };
  return all;
}

TEST(ValidationRules, say_of_each_document_what_the_reference_says_where_it_says_it) {
  for (const Row& row : rows()) {
    std::vector<std::string> expected = row.errors;
    std::ranges::sort(expected);
    EXPECT_EQ(errors_of(row.document), expected) << row.rule << ": " << row.document;
  }
}

TEST(ValidationRules, name_themselves_in_what_they_report) {
  for (const Row& row : rows()) {
    if (row.errors.empty()) continue;
    const std::unique_ptr<const Document> document = test::document_of(row.document);
    const std::vector<ValidationError> errors = validate(test::card_types(), *document);
    EXPECT_TRUE(std::ranges::any_of(errors, [&](const ValidationError& error) { return error.rule == row.rule; }))
        << row.rule << ": " << row.document;
  }
}

// An operation's name is in an error for each of its variables: a hundred times a megabyte, were it there in full.
TEST(ValidationRules, show_only_so_much_of_a_long_name) {
  const std::string longest(100'000, 'q');
  std::string variables;
  for (int i = 0; i < 50; ++i) variables += "$v" + std::to_string(i) + ": Int ";
  const std::string documents[] = {
      "query " + longest + "(" + variables + ") { title }",
      "query ($" + longest + ": " + longest + ", $" + longest + ": Card = 1) { title(" + longest + ": $x) }",
      "{ " + longest + ": title " + longest + ": owner { id } ..." + longest + " @" + longest + " " + longest + "a }",
      "fragment " + longest + " on " + longest + " { ..." + longest + " } { title { " + longest + " } }",
      "{ values(any: {a: 1, a: 2}, color: " + longest + ") cards(where: {" + longest + ": 1}) { id } }",
  };
  for (const std::string& document : documents)
    for (const std::string& error : errors_of(document)) EXPECT_LT(error.size(), 2'000U) << error.substr(0, 200);
}

TEST(ValidationRules, have_each_a_document_that_breaks_it) {
  for (const std::string_view rule :
       {"ExecutableDefinitions",       "UniqueOperationNames",  "LoneAnonymousOperation",
        "SingleFieldSubscriptions",    "KnownTypeNames",        "FragmentsOnCompositeTypes",
        "VariablesAreInputTypes",      "ScalarLeafs",           "FieldsOnCorrectType",
        "UniqueFragmentNames",         "KnownFragmentNames",    "NoUnusedFragments",
        "PossibleFragmentSpreads",     "NoFragmentCycles",      "UniqueVariableNames",
        "NoUndefinedVariables",        "NoUnusedVariables",     "KnownDirectives",
        "UniqueDirectivesPerLocation", "KnownArgumentNames",    "UniqueArgumentNames",
        "ProvidedRequiredArguments",   "ValuesOfCorrectType",   "UniqueInputFieldNames",
        "VariablesInAllowedPosition",  "MaxIntrospectionDepth", "OverlappingFieldsCanBeMerged"})
    EXPECT_TRUE(std::ranges::any_of(rows(), [&](const Row& row) { return row.rule == rule && !row.errors.empty(); }))
        << rule;
}

TEST(ValidationRules, suggest_nothing_where_the_options_say_so) {
  const ValidationOptions silent{.suggestions = false};
  for (const std::string_view document :
       {"{ titel }", "{ card(ide: 1) { id } }", "query ($a: Colour) { values(color: $a) }", "{ values(color: BLU) }",
        "{ owner { staff { id } } }", "{ cards(where: { titel: 1 }) { id } }", "{ title @skip(iff: true) }"}) {
    bool suggested = false;
    for (const std::string& error : errors_of(document)) suggested = suggested || error.contains("Did you mean");
    EXPECT_TRUE(suggested) << document;
    for (const std::string& error : errors_of(document, silent)) EXPECT_FALSE(error.contains("Did you mean")) << error;
  }
}

TEST(ValidationRules, refuse_an_operation_of_which_the_schema_has_no_root) {
  const TypeSystem types = test::types_of("type Query { title: String }");
  const std::unique_ptr<const Document> document = test::document_of("mutation { anything }");
  const std::vector<ValidationError> errors = validate(types, *document);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].rule, "KnownOperationTypes");
  EXPECT_EQ(errors[0].message, "The mutation operation is not supported by the schema.");
}

TEST(ValidationRules, want_a_value_for_a_one_of_field_even_where_the_one_of_is_required) {
  const TypeSystem types = test::types_of("type Query { find(by: By!): Int } input By @oneOf { a: Int b: Int }");
  const std::unique_ptr<const Document> document = test::document_of("query ($a: Int) { find(by: { a: $a }) }");
  const std::vector<ValidationError> errors = validate(types, *document);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].rule, "VariablesInAllowedPosition");
}

TEST(ValidationRules, refuse_a_variable_wrapped_more_often_than_any_type_can_be) {
  const std::string type = std::string(200, '[') + "Int" + std::string(200, ']');
  const std::vector<std::string> errors = errors_of("query ($a: " + type + ") { values(any: $a) }");
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_TRUE(errors[0].contains("deeper than any type"));
}

TEST(ValidationRules, stop_at_the_most_errors_and_say_so) {
  std::string text = "{";
  for (int i = 0; i < 300; ++i) text += " unknown" + std::to_string(i);
  const std::unique_ptr<const Document> document = test::document_of(text + " }");
  const std::vector<ValidationError> errors = validate(test::card_types(), *document);
  ASSERT_EQ(errors.size(), 101U);
  EXPECT_EQ(errors.back().message, "Too many validation errors, error limit reached. Validation aborted.");
  EXPECT_EQ(validate(test::card_types(), *document, {.max_errors = 5}).size(), 6U);
}

}  // namespace
}  // namespace bailey::graphql
