# The commands of the project; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo run test check fix lock migration brief bench clean

BIN := .venv/bin
PORT ?= 5000
ZONE ?= 喀什经济开发区
export PORT ZONE

help:
	@awk -F ' *## ' '/^[a-z]+:.* ## / { split($$1, name, ":"); printf "  make %-10s %s\n", name[1], $$2 }' Makefile

setup: ## 安装全部依赖（可重复执行）/ install everything, tests included
	@scripts/setup

demo: ## 载入演示数据，生成一份简报，启动系统 / demo data, a brief, the server (PORT=5000)
	@scripts/run demo

run: ## 启动系统，不含演示数据 / migrate and serve (PORT=5000)
	@scripts/run

test: setup check ## 检查并运行全部测试 / check, then all tests (T=tests/funds picks some)
	@$(BIN)/pytest $(T)

check: ## 格式、静态检查、类型、依赖方向 / format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

fix: ## 自动整理代码 / format and fix what can be fixed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: ## 重新锁定依赖版本 / compile requirements/*.txt and package-lock.json anew
	@scripts/lock

migration: ## 生成数据库迁移 / new migration (M="what changed")
	@test -n "$(M)" || { echo '请说明改了什么：make migration M="add …"' >&2; exit 1; }
	@$(BIN)/flask --app wsgi db revise "$(M)"

brief: ## 生成月度简报 / print a month's brief (MONTH=2024-06 ZONE=喀什经济开发区)
	@test -n "$(MONTH)" || { echo '请指定月份：make brief MONTH=2024-06' >&2; exit 1; }
	@mkdir -p instance/briefs
	@$(BIN)/flask --app wsgi brief "$(MONTH)" --zone "$(ZONE)" -o "instance/briefs/$(MONTH).pdf"

bench: ## 测量速度，写在 bench/RESULTS.md / measure speed beside raw SQL (minutes)
	@$(BIN)/python -m bench.run
	@$(BIN)/python -m bench.brief_pdf

clean: ## 删除可重新生成的文件，保留 instance/ 数据 / remove what setup can make again; data stays
	@rm -rf .venv node_modules vendor app/static/vendor .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
