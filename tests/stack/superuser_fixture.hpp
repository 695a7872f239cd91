#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "stack/database/bootstrap.hpp"
#include "stack/database/superuser.hpp"
#include "tests/stack/live_stack.hpp"
#include "tests/stack/temporary_project.hpp"
#include "tests/support/postgres_process.hpp"

namespace bailey::test {

namespace fs = std::filesystem;
using stack::BlockingConnection;

// What is done between two starts. `to_databases` is run by `postgres` in template1, the rest in the database postgres:
// `by` its owner, then whatever else is worth a try and may be refused.
struct Attack {
  const char* name;
  std::vector<std::string> to_databases;
  std::vector<std::string> by_postgres;
  std::vector<std::string> tried;
  std::string refusal;  // part of what the start says; "" when it goes well
};

// A database as a first start makes it, what a project may leave in it, and the superuser that comes by at the next.
class TheSuperuser : public testing::Test {
 protected:
  // One cluster for all, and in it what a first start makes, to be copied for each attack.
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryProject>();
    fs::permissions(folder_->project.root, fs::perms(0777));
    stack::Cluster cluster_of_all = stack::open_cluster(folder_->project, free_port(), false);
    cluster_of_all.is_confined = false;  // else no attack could leave a file, whatever it reached
    postmaster_ = std::make_unique<stack::Postmaster>(std::move(cluster_of_all));
    stack::bootstrap(cluster());
    superuser("template1").execute("create database made_by_bailey template postgres");
  }
  static void TearDownTestSuite() {
    postmaster_.reset();
    folder_.reset();
  }

  void SetUp() override { begin_anew(); }

  static const stack::Cluster& cluster() { return postmaster_->cluster(); }
  static std::string proof() { return (folder_->project.root / "reached").string(); }
  static BlockingConnection superuser(const std::string& database) {
    return BlockingConnection(
        Secret(std::string(cluster().admin_connection_string().reveal()) + " dbname=" + database));
  }
  static BlockingConnection login(const std::string& role, const std::string& database = "postgres") {
    return BlockingConnection(
        Secret(std::string(cluster().connection_string(role, stack::role_password).reveal()) + " dbname=" + database));
  }

  static void begin_anew() {
    fs::remove(proof());
    BlockingConnection connection = superuser("template1");
    connection.execute("drop database if exists postgres with (force)");
    connection.execute("drop database if exists former with (force)");
    connection.execute("create database postgres template made_by_bailey owner postgres");
  }

  // A function: whatever calls it as the superuser, or in a session of the superuser's, has been reached. It says that
  // it is immutable, so that PostgreSQL would call it early and from anywhere; what it calls is not.
  static std::string trap(const std::string& name, const std::string& parameters, const std::string& result,
                          const std::string& value) {
    return "create or replace function " + name +
           "_reached() returns void language plpgsql as $trap$ begin"
           " begin perform pg_catalog.set_config('role', 'none', true); exception when others then null; end;"
           " begin copy (select 1) to program 'touch " +
           proof() + "'; exception when others then null; end; end $trap$; create or replace function " + name + "(" +
           parameters + ") returns " + result + " language plpgsql immutable as $trap$ begin perform " + name +
           "_reached(); return " + value + "; end $trap$";
  }

  static std::string start() {
    try {
      stack::bootstrap(cluster());
      stack::open_logins(cluster());
      static_cast<void>(stack::connect_as_superuser(cluster()));
      return "";
    } catch (const Error& failure) {
      return failure.message();
    }
  }

  // One that Bailey has closed as not safe.
  static void reopen(const std::string& database) {
    superuser("template1")
        .execute("update pg_database set datconnlimit = -1, datallowconn = true where datname = '" + database + "'");
  }

  static void try_to(BlockingConnection& connection, const std::string& sql) {
    try {
      connection.execute(sql);
    } catch (const Error&) {  // so much the better
    }
  }

  static void expect_safe(const Attack& attack) {
    begin_anew();
    {
      BlockingConnection outside = login("postgres", "template1");
      for (const std::string& sql : attack.to_databases) outside.execute(sql);
      BlockingConnection inside = login("postgres");
      for (const std::string& sql : attack.by_postgres) ASSERT_NO_THROW(inside.execute(sql)) << attack.name << sql;
      for (const std::string& sql : attack.tried) try_to(inside, sql);
    }
    const std::string told = start();
    EXPECT_FALSE(fs::exists(proof())) << attack.name;
    if (attack.refusal.empty()) {
      EXPECT_EQ(told, "") << attack.name;
    } else {
      EXPECT_NE(told.find(attack.refusal), std::string::npos) << attack.name << ": " << told;
      EXPECT_NE(told.find("bailey dev --reset"), std::string::npos) << attack.name << ": " << told;
    }
  }

  inline static std::unique_ptr<TemporaryProject> folder_;
  inline static std::unique_ptr<stack::Postmaster> postmaster_;
};

}  // namespace bailey::test
